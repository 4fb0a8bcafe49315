import { fileURLToPath } from 'node:url';
import { Child, killChildren } from '../../support/child.js';
import { PLACES, type Started } from '../../support/places.js';
import { killRedisServers } from '../../support/redis-server.js';

jest.setTimeout(60_000);

const SCRIPT = fileURLToPath(new URL('./clients/rtc-peer.mjs', import.meta.url));
const BYTES = 4 * 1024 * 1024;
const SLOW = { timeout: 30_000 };

afterAll(killRedisServers);

describe.each(PLACES)('a transfer by the published WebRTC client, %s,', (_place, start) => {
  let server: Started;
  let initiator: Child;
  let responder: Child;

  beforeAll(async () => {
    server = await start();
  });
  afterEach(killChildren);
  afterAll(async () => server.close());

  /** Both processes up, the code minted and redeemed, nobody connected yet. */
  const pair = async () => {
    const at = ({ http, ws }: { http: string; ws: string }) => ({ http, ws, signaling: 'relay' });
    initiator = new Child(SCRIPT, { ...at(server), role: 'initiator', bytes: BYTES });
    const { code } = await initiator.event('code', SLOW);
    expect(code).toMatch(/^[0-9]{4}$/);
    responder = new Child(SCRIPT, { ...at(server.other ?? server), role: 'responder', code });
    await responder.event('redeemed', SLOW);
  };

  const join = async (peer: Child) => {
    peer.send({ do: 'join' });
    await peer.event('joined');
  };

  const completes = async () => {
    const [sent, received] = await Promise.all([initiator.event('done', SLOW), responder.event('done', SLOW)]);
    expect(sent).toMatchObject({ bytes: BYTES, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(received).toMatchObject({ bytes: BYTES, sha256: sent.sha256, sas: sent.sas, signatureVerified: true });
  };

  it('moves 4 MiB unharmed when the initiator joins first', async () => {
    await pair();
    await join(initiator);
    await join(responder);
    await completes();
  });

  it('moves 4 MiB unharmed when the responder joins first', async () => {
    await pair();
    await join(responder);
    await join(initiator);
    await completes();
  });

  it('moves 4 MiB unharmed when both join at once', async () => {
    await pair();
    await Promise.all([join(initiator), join(responder)]);
    await completes();
  });
});
