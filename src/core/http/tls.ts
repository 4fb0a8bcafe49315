import { type FSWatcher, readFileSync, watch } from 'node:fs';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import { Server as TlsServer, createSecureContext } from 'node:tls';
import { Logger } from '@nestjs/common';

/** Both files of a pair are replaced one after the other: wait this long for the second, in ms. */
const SETTLE_MS = 200;

interface CertificateFiles {
  tlsCertFile: string;
  tlsKeyFile: string;
  /** Empty where the certificate's own file has the whole chain. */
  tlsCaFile: string;
}

/**
 * What a TLS server is made with: its key, and its certificate with those that lead from it to a root. Bytes, not text:
 * an empty text counts as none given, and a server without a certificate is made of it without a word.
 */
export function tlsFiles({ tlsCertFile, tlsKeyFile, tlsCaFile }: CertificateFiles): { cert: Buffer; key: Buffer } {
  const chain = [tlsCertFile, tlsCaFile].filter(Boolean).flatMap((file) => [readFileSync(file), Buffer.from('\n')]);
  return { cert: Buffer.concat(chain), key: readFileSync(tlsKeyFile) };
}

/**
 * Takes a renewed certificate into use without a restart, when its files change or on SIGHUP. A pair that does not
 * work is reported and the last good one kept. Does nothing without TLS; ends with the server.
 */
export function watchCertificate(server: Server, files: CertificateFiles): void {
  if (!(server instanceof TlsServer)) return;
  const logger = new Logger('Tls');
  let settling: NodeJS.Timeout | undefined;

  const reload = (): void => {
    try {
      const pair = tlsFiles(files);
      createSecureContext(pair); // throws where the two do not belong together
      server.setSecureContext(pair);
      logger.log('certificate reloaded');
    } catch (error) {
      logger.error(`certificate not reloaded, the last good one stays: ${String(error)}`);
    }
  };
  const settle = (): void => {
    clearTimeout(settling);
    settling = setTimeout(reload, SETTLE_MS).unref();
  };

  // The folders, not the files: renewal replaces files, or the links to them, and a watch on a file would stay with the old one.
  const { tlsCertFile, tlsKeyFile, tlsCaFile } = files;
  const folders = new Set([tlsCertFile, tlsKeyFile, tlsCaFile].filter(Boolean).map((file) => dirname(file)));
  const watchers: FSWatcher[] = Array.from(folders, (folder) => watch(folder, { persistent: false }, settle));
  process.on('SIGHUP', reload);
  server.once('close', () => {
    process.off('SIGHUP', reload);
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
  });
}
