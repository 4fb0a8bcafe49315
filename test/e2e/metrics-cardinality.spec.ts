import { randomBytes, randomUUID } from 'node:crypto';
import { http } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, refusal, WsClient } from '../support/ws-client.js';

jest.setTimeout(30_000);

const MANY = 200;
/** Far below what 200 strangers' words would make, far above what is useful. */
const BOUND = 40;

describe('what clients write', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ WS_BAD_FRAMES_PER_MIN: '0' });
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  const samples = async (name: string) => {
    const { text } = await http(server).get('/metrics').expect(200);
    return text.split('\n').filter((line) => line.startsWith(`${name}{`));
  };
  const total = async (name: string) =>
    (await samples(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  const join = (room: string = randomUUID()) => WsClient.open(`${server.ws}/ws?appID=${room}&side=A`);
  const words = () => Array.from({ length: MANY }, () => randomBytes(6).toString('hex'));

  it('as a type becomes `unknown`', async () => {
    const a = await join();
    a.send(...words().map((type) => ({ type })), { type: '' }, { type: 7 }, '[]', 'no JSON');
    await a.settled();
    const relayed = ['offer', 'answer', 'ice', 'sender_ready', 'iroh_offer'];
    for (const name of ['nt_ws_messages_total', 'nt_signal_messages_total']) {
      const types = (await samples(name)).map((line) => /type="([^"]*)"/.exec(line)?.[1]);
      expect(new Set(types)).toEqual(new Set([...relayed, 'hello', 'send', 'delivered', 'telemetry', 'unknown']));
      const unknown = (await samples(name)).find((line) => line.includes('"unknown"'));
      expect(Number(unknown?.split(' ').at(-1))).toBe(MANY + 4);
    }
  });

  it('in upper case counts as the type it is', async () => {
    const a = await join();
    a.send({ type: 'OFFER' });
    await a.settled();
    expect(await samples('nt_ws_messages_total')).toContain('nt_ws_messages_total{type="offer"} 1');
  });

  it('as a reason makes a bounded number of labels, and each report counts', async () => {
    const a = await join();
    a.send(...words().map((reason) => ({ type: 'telemetry', event: 'ice-failed', reason })));
    await a.settled();
    expect((await samples('nt_session_failed_total')).length).toBeLessThan(BOUND);
    expect(await total('nt_session_failed_total')).toBe(MANY);
  });

  it('as a mode makes a bounded number of labels, and each room counts', async () => {
    const rooms = words();
    for (const mode of rooms) {
      const a = await join();
      a.send({ type: 'telemetry', event: 'ice-connected', mode });
      await a.close();
    }
    expect((await samples('nt_session_established_total')).length).toBeLessThan(BOUND);
    expect(await total('nt_session_established_total')).toBe(MANY);
  });

  it.each(['"} 1\nevil 2', 'x'.repeat(10_000), 'é', '__proto__', 'constructor', '\u0000', 'a b'])(
    'cannot break the page: the reason %j',
    async (reason) => {
      const a = await join();
      a.send({ type: 'telemetry', event: 'ice-failed', reason });
      await a.settled();
      const { text } = await http(server).get('/metrics').expect(200);
      for (const line of text.split('\n'))
        expect(line).toMatch(/^$|^# |^[a-z_:][a-z0-9_:]*(\{[^\n]{0,300}\})? [-+.0-9a-zA-Z]+$/i);
      expect(text).not.toMatch(/^evil/m);
    },
  );

  it('as a path or a close code makes no labels either', async () => {
    for (let i = 0; i < 20; i++) await refusal(`${server.ws}/nowhere/${randomUUID()}`);
    for (let code = 3000; code < 3020; code++) await (await join()).close(code);
    expect((await samples('signalbox_ws_rejections_total')).length).toBeLessThan(BOUND);
    expect((await samples('signalbox_ws_closes_total')).length).toBeLessThan(BOUND);
  });

  it('makes the whole page no longer than a scrape can bear', async () => {
    const { text } = await http(server).get('/metrics');
    expect(text.split('\n').length).toBeLessThan(1_000);
  });
});
