import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { appOptions, configureApp, httpAdapter } from '../../src/app.setup.js';
import { parseSettings } from '../../src/config/parse-settings.js';
import { Clock, SystemClock } from '../../src/core/clock.js';
import { TransportStats } from '../../src/core/websocket/transport-stats.js';

export interface RunningApp {
  app: NestFastifyApplication;
  port: number;
  /** `http://127.0.0.1:PORT`, https with TLS. */
  http: string;
  /** `ws://127.0.0.1:PORT`, wss with TLS. */
  ws: string;
  close(): Promise<void>;
  /** How many sockets are open. */
  open(): number;
}

/** What the tests want otherwise than an operator: a free port, and no time spent on leaving. */
const DEFAULTS = { HOST: '127.0.0.1', PORT: '0', DRAIN_DELAY: '0s' };

/** The whole server in this process, on a free port. */
export async function startApp(
  environment: Record<string, string> = {},
  clock: Clock = new SystemClock(),
): Promise<RunningApp> {
  const env = { ...DEFAULTS, ...environment };
  const settings = parseSettings(env);
  const testing = Test.createTestingModule({ imports: [AppModule.forRoot(env)] });
  const module = await testing.overrideProvider(Clock).useValue(clock).compile();
  const app = module.createNestApplication<NestFastifyApplication>(httpAdapter(settings), {
    ...appOptions,
    logger: ['error'],
  });
  await configureApp(app);
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const s = settings.tlsCertFile ? 's' : '';
  return {
    app,
    port,
    http: `http${s}://127.0.0.1:${port}`,
    ws: `ws${s}://127.0.0.1:${port}`,
    close: () => app.close(),
    open: () => app.get(TransportStats).open,
  };
}
