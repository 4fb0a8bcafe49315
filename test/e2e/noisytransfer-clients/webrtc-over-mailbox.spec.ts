import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Child, killChildren } from '../../support/child.js';
import { PLACES, type Started } from '../../support/places.js';
import { killRedisServers } from '../../support/redis-server.js';

jest.setTimeout(60_000);

const RTC_PEER = fileURLToPath(new URL('./clients/rtc-peer.mjs', import.meta.url));
const ASYNC_AUTH = fileURLToPath(new URL('./clients/async-auth.mjs', import.meta.url));
const BYTES = 256 * 1024;
const SLOW = { timeout: 30_000 };

afterAll(killRedisServers);

describe.each(PLACES)('over the published mailboxTransport, %s,', (_place, startPlace) => {
  let server: Started;

  beforeAll(async () => {
    server = await startPlace();
  });
  afterEach(killChildren);
  afterAll(async () => server.close());

  it('WebRTC connects although the responder joins after the offer and all candidates were sent', async () => {
    const at = ({ http, ws }: { http: string; ws: string }) => ({ http, ws, signaling: 'mailbox' });
    const initiator = new Child(RTC_PEER, { ...at(server), role: 'initiator', bytes: BYTES });
    const { code } = await initiator.event('code', SLOW);
    const responder = new Child(RTC_PEER, { ...at(server.other ?? server), role: 'responder', code });
    await responder.event('redeemed', SLOW);

    initiator.send({ do: 'join' });
    await initiator.waitFor(({ event, type }) => event === 'signaled' && type === 'offer');
    await initiator.waitFor(({ event, last }) => event === 'signaled' && last === true);
    responder.send({ do: 'join' });

    const [sent, received] = await Promise.all([initiator.event('done', SLOW), responder.event('done', SLOW)]);
    expect(received).toMatchObject({ bytes: BYTES, sha256: sent.sha256, sas: sent.sas, signatureVerified: true });
  });

  describe('noisyauth agrees on the keys', () => {
    const start = async (role: 'sender' | 'receiver', room: string) => {
      const child = new Child(ASYNC_AUTH, {
        role,
        room,
        relay: (role === 'receiver' && server.other ? server.other : server).ws,
      });
      await child.event('ready', SLOW);
      return child;
    };

    const agree = async (sender: Child, receiver: Child) => {
      const [a, b] = await Promise.all([sender.event('done', SLOW), receiver.event('done', SLOW)]);
      expect(a.sas).toMatch(/^[0-9]{6}$/);
      expect(b).toMatchObject({ sas: a.sas, mine: a.theirs, theirs: a.mine });
    };

    it('when the sender comes after the commitment', async () => {
      const room = randomUUID();
      const [sender, receiver] = await Promise.all([start('sender', room), start('receiver', room)]);
      receiver.send({ do: 'join' });
      await receiver.waitFor(({ event, type }) => event === 'sent' && type === 'commit');
      sender.send({ do: 'join' });
      await agree(sender, receiver);
    });

    it('when the sender is there first', async () => {
      const room = randomUUID();
      const [sender, receiver] = await Promise.all([start('sender', room), start('receiver', room)]);
      sender.send({ do: 'join' });
      receiver.send({ do: 'join' });
      await agree(sender, receiver);
    });
  });
});
