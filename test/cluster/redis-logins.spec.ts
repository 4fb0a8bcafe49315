import { CertificateFiles, makeCertificate } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { http } from '../support/raw-http.js';
import { RedisSentinel } from '../support/redis-sentinel.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { dropSockets } from '../support/ws-client.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';
import { workTogether } from './work-together.js';

jest.setTimeout(180_000);

const PASSWORD = 'p@ss:/wörd';
/** What the operations guide has an operator allow. */
const RULES = ['~signalbox:*', '&signalbox:*', '+@all', '-@admin', '-@dangerous', '+info'];
const ENCODED = encodeURIComponent(PASSWORD);

describe('two nodes, at a Redis that', () => {
  let redis: RedisServer;
  let both: TwoNodes | undefined;

  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    dropSockets();
    await both?.close();
    both = undefined;
    await Promise.all([killServers(), killRedisServers()]);
  });

  /** Existing connections stay as they are; new ones have to say it. */
  const protect = (server: RedisServer) => server.client.config('SET', 'requirepass', PASSWORD);

  it('wants a password', async () => {
    await protect(redis);
    both = await TwoNodes.start(`redis://:${ENCODED}@127.0.0.1:${redis.port}/3`);
    await workTogether(...both.nodes);
    expect(await redis.client.info('keyspace')).toMatch(/^db3:/m);
  });

  it('lets their user do what it needs, and nothing else', async () => {
    await protect(redis);
    await redis.client.call('ACL', 'SETUSER', 'box', 'on', `>${PASSWORD}`, ...RULES);
    both = await TwoNodes.start(`redis://box:${ENCODED}@127.0.0.1:${redis.port}`);
    await workTogether(...both.nodes);
    expect(await redis.client.call('ACL', 'LOG')).toEqual([]);
  });

  it('speaks TLS with a certificate of a private authority', async () => {
    const files = new CertificateFiles();
    files.write(await makeCertificate('redis'));
    const port = await freePort();
    const tls = ['--tls-port', `${port}`, '--tls-cert-file', files.certFile, '--tls-key-file', files.keyFile];
    const server = await RedisServer.start(...tls, '--tls-auth-clients', 'no', '--tls-ca-cert-file', files.certFile);
    const settings = { REDIS_URL: `rediss://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: files.certFile };
    const [one, two] = await Promise.all([ServerProcess.start(settings), ServerProcess.start(settings)]);
    await workTogether(one, two);
    expect(await server.client.keys('*')).not.toEqual([]);
    const trusting = await ServerProcess.start({ REDIS_URL: settings.REDIS_URL });
    await http(trusting).get('/readyz').expect(503);
    await eventually(() => expect(trusting.output).toMatch(/Redis is away: .*certificate/), PATIENCE);
    files.remove();
  });

  it('refuses their password: they live, not ready, and say why', async () => {
    await protect(redis);
    const node = await ServerProcess.start({ REDIS_URL: `redis://:wrong@127.0.0.1:${redis.port}` });
    await http(node).get('/readyz').expect(503);
    await eventually(() => expect(node.output).toMatch(/Redis is away: WRONGPASS/), PATIENCE);
    expect(node.output).not.toContain('wrong@');
  });

  it('is found by sentinels and wants a password, after a failover too', async () => {
    const replica = await redis.replicate();
    const sentinel = await RedisSentinel.watching('main', redis);
    for (const server of [redis, replica]) {
      await server.client.config('SET', 'masterauth', PASSWORD);
      await protect(server);
    }
    await sentinel.client.call('SENTINEL', 'SET', 'main', 'auth-pass', PASSWORD);
    both = await TwoNodes.start(`redis+sentinel://:${ENCODED}@127.0.0.1:${sentinel.port}/main`);
    await workTogether(...both.nodes);
    await redis.kill();
    await both.answerReady(503);
    await both.answerReady(200);
    await workTogether(...both.nodes);
  });
});
