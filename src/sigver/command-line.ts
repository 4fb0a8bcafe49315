import { parseArgs } from 'node:util';
import type { Environment } from '../config/parse-settings.js';

export const USAGE = `sigver [-h host] [-p port] [-k key -c cert [-a ca]]

Sigver by itself, for netflux and other clients of it: ws://host:port/<key>

  -h, --host <host>  address to listen on (0.0.0.0)
  -p, --port <port>  port to listen on (8000); 0 takes any free one
  -k, --key <file>   private key, PEM: with a certificate it speaks wss
  -c, --cert <file>  certificate, PEM
  -a, --ca <file>    certificates that lead from it to a root, PEM
  -V, --version      print the version
  --help             print this

What else can be set is set by environment variables, as for signalbox: see signalbox --help.
`;

/** The arguments are wrong; the message says how. */
export class UsageError extends Error {}

/** What the arguments of `sigver` ask for. */
export type Command = 'help' | 'version' | { serve: Environment };

/**
 * Reads Sigver's own options, in which -h is the host. What to serve is said in this server's settings.
 * @param environment what else is set
 * @throws UsageError
 */
export function parseCommandLine(args: string[], environment: Environment): Command {
  const options = parse(args);
  if (options.help) return 'help';
  if (options.version) return 'version';
  const { host = '0.0.0.0', port = '8000', key, cert, ca } = options;
  if (port === '') throw new UsageError("Option '-p, --port' is empty"); // as a setting that would mean: none
  return {
    serve: { ...environment, HOST: host, SIGVER_PORT: port, TLS_KEY_FILE: key, TLS_CERT_FILE: cert, TLS_CA_FILE: ca },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        host: { type: 'string', short: 'h' },
        port: { type: 'string', short: 'p' },
        key: { type: 'string', short: 'k' },
        cert: { type: 'string', short: 'c' },
        ca: { type: 'string', short: 'a' },
        version: { type: 'boolean', short: 'V' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
