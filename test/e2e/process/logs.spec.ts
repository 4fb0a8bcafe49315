import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, http, RawSocket } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import {
  dropSockets,
  handshakeRequest,
  maskedFrame,
  Opcode,
  passed,
  refusal,
  WsClient,
} from '../../support/ws-client.js';

jest.setTimeout(120_000);

const ADDRESSES = ['203.0.113.77', '2001:db8:77:77', '127.0.0.9'];
const SECRETS = {
  sdp: 'v=0 o=secret-sdp',
  candidate: 'candidate:secret 1 udp 1 198.51.100.23 9 typ host',
  payload: 'secret-payload',
  header: 'secret-header',
  word: 'secret-word',
  sid: 'secret-sid',
};

/** Everything a server sees in its day, from clients good and bad. */
async function useAll(server: ServerProcess): Promise<string[]> {
  const room = randomUUID();
  const headers = { 'X-Forwarded-For': ADDRESSES[0]!, 'User-Agent': SECRETS.header };
  const codes: string[] = [];
  for (let i = 0; i < 5; i++) {
    const minted = await http(server).post('/rendezvous/code').set(headers);
    codes.push((minted.body as { code: string }).code);
  }
  await http(server).post('/rendezvous/redeem').set(headers).send({ code: codes[0] }).expect(200);
  await http(server).post('/rendezvous/redeem').set(headers).send({ code: codes[0] }).expect(410);
  await http(server)
    .post('/rendezvous/redeem')
    .set(headers)
    .type('foo/bar')
    .send(JSON.stringify({ code: codes[1], x: SECRETS.payload }))
    .expect(415);
  await http(server).post('/rendezvous/redeem').set(headers).type('json').send(`{"code":"${codes[1]}`).expect(400);
  await http(server).get(`/nowhere/${SECRETS.word}?code=${codes[1]}`).set(headers).expect(404);
  for (let i = 0; i < 21; i++) await http(server).post('/rendezvous/redeem').set(headers).send({ code: '87654321' });

  const url = (side: string) => `${server.ws}/ws?appID=${room}&side=${side}&sid=${SECRETS.sid}`;
  const a = await WsClient.open(url('A'), { headers });
  const b = await WsClient.open(url('B'), { headers: { 'X-Forwarded-For': `${ADDRESSES[1]}::1` } });
  a.send(
    { type: 'hello', sessionId: SECRETS.word },
    { type: 'offer', sdp: SECRETS.sdp },
    { type: 'ice', cand: SECRETS.candidate },
  );
  a.send(
    { type: 'send', to: 'B', payload: SECRETS.payload },
    { type: SECRETS.word, x: SECRETS.payload },
    `{"${SECRETS.payload}`,
  );
  a.send({ type: 'telemetry', event: 'ice-failed', reason: SECRETS.word });
  b.send({ type: 'hello' });
  await passed(a, b);
  const newcomer = await WsClient.open(url('A'), { headers });
  expect(await newcomer.end()).toMatchObject({ code: 1008 });
  await refusal(`${server.ws}/ws?appID=${SECRETS.word}&side=A`, { headers });
  await refusal(url('C'), { headers });
  b.send(...Array.from({ length: 101 }, () => SECRETS.payload));
  expect(await b.end()).toMatchObject({ code: 4501 });
  a.ws.send('x'.repeat(1024 * 1024 + 1));
  expect(await a.end()).toMatchObject({ code: 1009 });

  const raw = await RawSocket.open({ port: server.port, from: ADDRESSES[2]! });
  await raw.write(handshakeRequest(`/ws?appID=${room}&side=A`, `X-Secret: ${SECRETS.header}`));
  await raw.answer();
  await raw.write(maskedFrame(Opcode.Text, Buffer.from([0xff])));
  await eventually(() => raw.ended);
  const junk = await RawSocket.open({ port: server.port, from: ADDRESSES[2]! });
  await junk.write(`JUNK ${SECRETS.word}\r\n\r\n`);
  await eventually(() => junk.ended);
  const reset = await RawSocket.open({ port: server.port, from: ADDRESSES[2]! });
  await reset.write(handshakeRequest(`/ws?appID=${room}&side=B`));
  reset.reset();
  return [...codes, room];
}

afterEach(async () => {
  dropSockets();
  dropRawSockets();
  await killServers();
});

describe('what is printed at LOG_LEVEL=info', () => {
  it.each(['production', 'development'])(
    'holds no code, room, SDP, candidate, payload or address of anybody (%s)',
    async (mode) => {
      const server = await ServerProcess.start({ NODE_ENV: mode, TRUST_PROXY: 'loopback', DRAIN_DELAY: '0s' });
      const start = server.output.length;
      const codesAndRoom = await useAll(server);
      server.signal('SIGTERM');
      expect(await server.exit()).toBe(0);
      const printed = server.output.slice(start).replaceAll(/"(timestamp|pid)":\d+/g, ''); // may contain any four digits
      const lines = printed.split('\n').map((line) => line.replace(/^\[Nest\].*?(LOG|WARN|ERROR)/, '$1'));
      const found = [...codesAndRoom, ...Object.values(SECRETS), ...ADDRESSES, '87654321'].filter((secret) =>
        lines.some((line) => line.includes(secret)),
      );
      expect({ found, lines: lines.filter((line) => found.some((secret) => line.includes(secret))) }).toEqual({
        found: [],
        lines: [],
      });
      expect(server.stderr).toBe('');
    },
  );
});

describe('NODE_ENV=production', () => {
  it('prints one JSON object a line, with a time, a level and a message, to the end', async () => {
    const server = await ServerProcess.start({ NODE_ENV: 'production', DRAIN_DELAY: '0s' });
    await WsClient.open(`${server.ws}/ws?appID=${randomUUID()}&side=A`);
    server.signal('SIGTERM');
    expect(await server.exit()).toBe(0);
    const lines = server.output.trim().split('\n');
    for (const line of lines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(entry)).toEqual(expect.arrayContaining(['timestamp', 'level', 'message']));
    }
    expect(lines.some((line) => line.includes('listening'))).toBe(true);
    expect(lines.some((line) => line.includes('drained'))).toBe(true);
  });
});
