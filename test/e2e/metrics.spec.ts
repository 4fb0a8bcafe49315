import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { http, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, passed, WsClient } from '../support/ws-client.js';

jest.setTimeout(30_000);

const OFFER = '{"type":"offer","sdp":{"type":"offer","sdp":"v=0"}}';

describe('GET /metrics', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({}, clock);
  });
  afterEach(async () => {
    dropSockets();
    await eventually(async () => expect(await value('nt_peers_active')).toBe(0));
  });
  afterAll(async () => server.close());

  const text = async () => (await http(server).get('/metrics').expect(200)).text;
  /** The sample with exactly this name and these labels; undefined when there is none. */
  const value = async (sample: string) => {
    const line = (await text()).split('\n').find((each) => each.startsWith(`${sample} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const join = (side: string, room: string = randomUUID()) =>
    WsClient.open(`${server.ws}/ws?appID=${room}&side=${side}`);
  const pair = async () => {
    const room = randomUUID();
    const a = await join('A', room);
    const b = await join('B', room);
    return { a, b };
  };

  it('is Prometheus text', async () => {
    const { headers } = await http(server).get('/metrics').expect(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it.each([
    ['nt_ws_connections_total', 'counter'],
    ['nt_ws_messages_total', 'counter'],
    ['nt_rooms_active', 'gauge'],
    ['nt_peers_active', 'gauge'],
    ['nt_ws_frame_bytes', 'histogram'],
    ['nt_ws_rtt_seconds', 'histogram'],
    ['nt_signal_messages_total', 'counter'],
    ['nt_signal_bytes_total', 'counter'],
    ['nt_session_established_total', 'counter'],
    ['nt_session_failed_total', 'counter'],
    ['nt_session_time_to_first_flow_seconds', 'histogram'],
  ])('has %s, a %s, from the start', async (name, type) => {
    const types = (await text()).split('\n').filter((line) => line.startsWith('# TYPE nt_'));
    expect(types).toContain(`# TYPE ${name} ${type}`);
  });

  it('labels as the reference server does', async () => {
    const { a, b } = await pair();
    a.send(
      OFFER,
      { type: 'telemetry', event: 'ice-connected', mode: 'Direct ' },
      { type: 'telemetry', event: 'ice-failed', reason: 'timeout' },
    );
    await passed(a, b);
    const labelled = [
      'nt_ws_messages_total{type="offer"}',
      'nt_ws_frame_bytes_count{dir="in"}',
      'nt_ws_frame_bytes_bucket{dir="out",le="+Inf"}',
      'nt_signal_messages_total{type="offer"}',
      'nt_signal_bytes_total{dir="in",type="offer"}',
      'nt_signal_bytes_total{dir="out",type="offer"}',
      'nt_session_established_total{mode="direct"}',
      'nt_session_failed_total{reason="timeout"}',
    ];
    const samples = (await text()).split('\n').map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(labelled.filter((sample) => !samples.includes(sample))).toEqual([]);
  });

  it('counts rooms and peers that are there now', async () => {
    const { a, b } = await pair();
    const alone = await join('B');
    expect([await value('nt_rooms_active'), await value('nt_peers_active')]).toEqual([2, 3]);
    await a.close();
    await eventually(async () => expect(await value('nt_peers_active')).toBe(2));
    expect(await value('nt_rooms_active')).toBe(2);
    b.terminate();
    await alone.close();
    await eventually(async () =>
      expect([await value('nt_rooms_active'), await value('nt_peers_active')]).toEqual([0, 0]),
    );
  });

  it('counts every WebSocket that was opened', async () => {
    const before = (await value('nt_ws_connections_total')) ?? 0;
    await pair();
    expect(await value('nt_ws_connections_total')).toBe(before + 2);
  });

  it('counts messages, their bytes in, and their bytes out only where somebody got them', async () => {
    const { a, b } = await pair();
    const samples = [
      'nt_ws_messages_total{type="ice"}',
      'nt_signal_bytes_total{dir="in",type="ice"}',
      'nt_signal_bytes_total{dir="out",type="ice"}',
    ];
    const read = () => Promise.all(samples.map(async (sample) => (await value(sample)) ?? 0));
    const [messages = 0, bytesIn = 0, bytesOut = 0] = await read();
    const ice = '{"type":"ice","cand":null}';
    a.send(ice, ice);
    await passed(a, b);
    await a.close();
    b.send(ice);
    await b.settled();
    expect(await read()).toEqual([messages + 3, bytesIn + 3 * ice.length, bytesOut + 2 * ice.length]);
  });

  it('counts the first connection that a room reports, and the time since the room was made', async () => {
    const { a, b } = await pair();
    const name = 'nt_session_time_to_first_flow_seconds';
    const read = () => Promise.all([`${name}_count`, `${name}_sum`].map(async (sample) => (await value(sample)) ?? 0));
    const [count = 0, sum = 0] = await read();
    clock.advance(2500);
    a.send({ type: 'telemetry', event: 'ice-connected', mode: ' RELAY' });
    b.send({ type: 'telemetry', event: 'ice-connected', mode: 'relay' });
    await passed(a, b);
    expect(await read()).toEqual([count + 1, sum + 2.5]);
    expect(await value('nt_session_established_total{mode="relay"}')).toBe(1);
  });

  it('counts a connection without a mode as `unspecified`', async () => {
    const { a } = await pair();
    a.send({ type: 'telemetry', event: 'ice-connected' });
    await a.settled();
    expect(await value('nt_session_established_total{mode="unspecified"}')).toBe(1);
  });

  it('observes the round trip of a ping', async () => {
    const before = (await value('nt_ws_rtt_seconds_count')) ?? 0;
    const { a, b } = await pair();
    clock.advance(20_000);
    await eventually(() => expect([a.pings, b.pings]).toEqual([1, 1]));
    await eventually(async () => expect(await value('nt_ws_rtt_seconds_count')).toBe(before + 2));
  });
});

describe('METRICS_ROUTE', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ METRICS_ROUTE: '/internal/prometheus' });
  });
  afterAll(async () => server.close());

  it('moves the metrics', async () => {
    const { text } = await http(server).get('/internal/prometheus').expect(200);
    expect(text).toContain('nt_rooms_active');
    await http(server).get('/metrics').expect(404);
    const { body } = (await http(server).get('/docs-json')) as Reply;
    expect((body as { paths: object }).paths).toHaveProperty(['/internal/prometheus']);
  });
});
