import { eventually } from '../../support/eventually.js';
import { http } from '../../support/raw-http.js';
import { offerSdp } from '../../support/sdp.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, refusal, WsClient } from '../../support/ws-client.js';
import { claimOf, PATIENCE } from './voice-peers.js';

jest.setTimeout(180_000);

let server: ServerProcess;

afterEach(dropSockets);
afterAll(killServers);

const open = (user = 'alice', query = ''): Promise<WsClient> =>
  WsClient.open(`${server.ws}/connect${query}`, { headers: { 'X-User-Claim': claimOf(user, 'device') } });

/** Waits for the answer and what belongs to it. */
async function frames(client: WsClient, count: number): Promise<string[]> {
  await eventually(() => expect(client.frames.length).toBeGreaterThanOrEqual(count), PATIENCE);
  return client.frames;
}

describe('/connect', () => {
  beforeAll(async () => {
    server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', VOICE_MAX_PEERS: '3', VOICE_MAX_SLOTS: '2' });
  });
  afterAll(killServers);

  it.each([
    ['none', undefined],
    ['no JSON', 'alice'],
    ['no client', '{"userid":"alice"}'],
    ['an empty user', '{"userid":"","clientid":"c"}'],
  ])('is 400 with a claim that is %s', async (_, claim) => {
    const options = claim === undefined ? {} : { headers: { 'X-User-Claim': claim } };
    expect(await refusal(`${server.ws}/connect`, options)).toMatchObject({ status: 400 });
  });

  it('answers an SDP alone with one message: the answer with its candidates', async () => {
    const client = await open();
    client.send(offerSdp());
    const [answer] = await frames(client, 1);
    expect(answer).toMatch(/^v=0\r\n/);
    expect(answer).toMatch(/\r\na=candidate:\S+ 1 UDP \d+ 127\.0\.0\.1 \d+ typ host\r\n/);
    client.send('ice::candidate:1 1 UDP 1 127.0.0.1 9 typ host');
    await client.settled();
    expect(client.frames).toHaveLength(1);
  });

  it('answers a prefixed offer with prefixes, its candidates once more behind it', async () => {
    const client = await open('bob');
    client.send(`offer::${offerSdp({ slots: 4 })}`);
    const [answer, ...candidates] = await frames(client, 2);
    expect(answer).toMatch(/^answer::v=0\r\n/);
    expect(answer!.match(/^m=audio [1-9]/gm)).toHaveLength(3);
    expect(answer!.match(/^m=audio 0 /gm)).toHaveLength(2);
    expect(candidates).toEqual([expect.stringMatching(/^ice::candidate:\S+ 1 UDP \d+ 127\.0\.0\.1 \d+ typ host$/)]);
    expect(answer).toContain(`a=${candidates[0]!.slice('ice::'.length)}\r\n`);
  });

  it.each([
    ['offer::', 'not an SDP'],
    ['offer::garbage', 'not an SDP'],
    ['v=0', 'no Opus audio'],
    [offerSdp().replace(/a=ice-pwd.*\r\n/g, ''), 'no ICE credentials'],
    [offerSdp().replace(/a=fingerprint.*\r\n/g, ''), 'no usable fingerprint'],
    [offerSdp().replaceAll('opus', 'PCMU'), 'no Opus audio'],
    ['hello', 'malformed offer'],
    ['', 'malformed offer'],
    ['x'.repeat(100_000), 'malformed offer'],
  ])('closes 1008 for a malformed offer: %#', async (message, reason) => {
    const client = await open('mallory');
    client.send(message);
    expect(await client.end()).toEqual({ code: 1008, reason });
    expect(client.frames).toEqual([]);
  });

  it('closes 1008 for a second offer', async () => {
    const client = await open('carol');
    client.send(offerSdp(), offerSdp());
    expect(await client.end()).toEqual({ code: 1008, reason: 'one offer per socket' });
  });

  it('closes 4500 when the same user and client connects again', async () => {
    const [first, second] = [await open('alice'), await open('alice')];
    first.send(offerSdp());
    await frames(first, 1);
    second.send(offerSdp());
    expect(await first.end()).toMatchObject({ code: 4500 });
    await frames(second, 1);
    expect(second.closed).toBeUndefined();
  });

  it('closes 1013 for more peers than there may be, also when their sockets are closed', async () => {
    for (const user of ['alice', 'bob', 'carol']) {
      const client = await open(user);
      client.send(offerSdp());
      await frames(client, 1);
      await client.close();
    }
    const late = await open('late');
    late.send(offerSdp());
    expect(await late.end()).toMatchObject({ code: 1013 });
  });
});

describe('the media', () => {
  it('names the announced address instead of its own, and keeps to the port given', async () => {
    server = await ServerProcess.start({ VOICE_ANNOUNCED_IP: '198.51.100.7' });
    const client = await open();
    client.send(offerSdp());
    const [answer] = await frames(client, 1);
    expect(answer!.match(/^a=candidate:.*/gm)).toEqual([expect.stringMatching(/ 198\.51\.100\.7 \d+ typ host/)]);
  });

  it('is not there at all before the first offer, and does not come for a socket alone', async () => {
    server = await ServerProcess.start();
    await open();
    await http(server).post('/join/room').set('X-User-Claim', claimOf('alice', 'device')).expect(200);
    const { text } = await http(server).get('/metrics').expect(200);
    expect(text).toMatch(/^signalbox_voice_media_up 0$/m);
  });
});
