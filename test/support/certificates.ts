import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';

export interface Pem {
  cert: string;
  key: string;
}

/** A fresh certificate for 127.0.0.1 under a name of its own, so that two can be told apart. */
export async function makeCertificate(name: string): Promise<Pem> {
  const altNames = [{ type: 7 as const, ip: '127.0.0.1' }];
  const options = {
    keyType: 'ec' as const,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName' as const, altNames }],
  };
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], options);
  return { cert, key };
}

/** A certificate for 127.0.0.1, the one between that signed it, and the root that signed that. */
export async function makeChain(): Promise<{ root: string; between: string; leaf: Pem }> {
  const authority = { keyType: 'ec' as const, algorithm: 'sha256' };
  const signs = [
    { name: 'basicConstraints' as const, cA: true, critical: true },
    { name: 'keyUsage' as const, keyCertSign: true, cRLSign: true, critical: true },
  ];
  const named = (value: string) => [{ name: 'commonName', value }];
  const root = await generate(named('root'), { ...authority, extensions: signs });
  const between = await generate(named('between'), {
    ...authority,
    extensions: signs,
    ca: { key: root.private, cert: root.cert },
  });
  const { cert, private: key } = await generate(named('leaf'), {
    ...authority,
    extensions: [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }],
    ca: { key: between.private, cert: between.cert },
  });
  return { root: root.cert, between: between.cert, leaf: { cert, key } };
}

/** A pair of files as an operator would have them, in a folder of its own. */
export class CertificateFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'));
  readonly certFile = join(this.folder, 'tls.crt');
  readonly keyFile = join(this.folder, 'tls.key');

  /** The settings that make a server use them. */
  get settings(): { TLS_CERT_FILE: string; TLS_KEY_FILE: string } {
    return { TLS_CERT_FILE: this.certFile, TLS_KEY_FILE: this.keyFile };
  }

  write({ cert, key }: Pem): void {
    writeFileSync(this.certFile, cert);
    writeFileSync(this.keyFile, key);
  }

  /** Another file beside them; returns its path. */
  writeMore(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The name on the certificate that a new connection gets. */
export async function servedName(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  return subject.replace('CN=', '');
}
