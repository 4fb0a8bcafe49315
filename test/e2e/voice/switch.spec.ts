import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { refusal } from '../../support/ws-client.js';
import { claimOf } from './voice-peers.js';

jest.setTimeout(120_000);

afterEach(killServers);

const headers = { 'X-User-Claim': claimOf('alice', 'device') };
const OFF = 'off: neither PERMISSIONS_HOST nor DEV is set';

/** What /connect without an upgrade and /join answer. */
async function statuses(server: ServerProcess): Promise<number[]> {
  const answers = [await http(server).get('/connect'), await http(server).post('/join/room').set(headers)];
  return answers.map(({ status }) => status);
}

describe('VOICE', () => {
  it('auto is on in development, where everyone may join, as is said once', async () => {
    const server = await ServerProcess.start();
    expect(await statuses(server)).toEqual([426, 200]);
    expect(server.output.match(/PERMISSIONS_HOST is not set/g)).toHaveLength(1);
    expect(server.output).not.toContain(OFF);
  });

  it('auto is on with a permission service', async () => {
    const server = await ServerProcess.start({ DEV: 'false', PERMISSIONS_HOST: 'http://127.0.0.1:1' });
    expect(await statuses(server)).toEqual([426, 503]);
  });

  it('auto is off otherwise, as is said once, and its paths are not there', async () => {
    const server = await ServerProcess.start({ DEV: 'false' });
    expect(await statuses(server)).toEqual([404, 404]);
    expect(await refusal(`${server.ws}/connect`, { headers })).toMatchObject({ status: 404 });
    expect([(await http(server).post('/connect')).status, (await http(server).get('/join/x')).status]).toEqual([
      404, 404,
    ]);
    expect(server.output.match(new RegExp(OFF, 'g'))).toHaveLength(1);
    expect(server.output).not.toMatch(/NATS|PERMISSIONS_HOST is not set/);
  });

  it('off is off, without a word', async () => {
    const server = await ServerProcess.start({ VOICE: 'off' });
    expect(await statuses(server)).toEqual([404, 404]);
    expect(server.output).not.toMatch(/\[voice\]|NATS is|PERMISSIONS_HOST/);
  });

  it('on does not start where nobody could join', async () => {
    const server = await ServerProcess.run({ VOICE: 'on', DEV: 'false' });
    expect(server.exitCode).toBe(1);
    expect(server.stderr).toMatch(/^VOICE: "on" is not allowed/);
  });
});

describe('VOICE_UDP_PORT', () => {
  it('that is taken keeps the server from starting, and it says so', async () => {
    const socket = createSocket('udp4');
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const port = String(socket.address().port);
      const server = await ServerProcess.run({ VOICE_BIND: '127.0.0.1', VOICE_UDP_PORT: port });
      expect(server.exitCode).toBe(1);
      expect(server.stderr).toMatch(/VOICE_UDP_PORT, VOICE_BIND: cannot be bound: .*EADDRINUSE/);
    } finally {
      socket.close();
    }
  });
});
