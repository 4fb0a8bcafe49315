import { randomUUID } from 'node:crypto';
import { SignalingNode } from '../../test/support/signaling-node.js';

describe('telemetry', () => {
  let node: SignalingNode;
  beforeEach(() => (node = new SignalingNode()));

  const connected = (mode: string): string => JSON.stringify({ type: 'telemetry', event: 'ice-connected', mode });

  it('counts the first ice-connected of a room, and the time since the room was made', async () => {
    const a = await node.join('A');
    node.clock.advance(3000);
    const b = await node.join('B');
    node.clock.advance(1500);
    node.receive(b, connected(' Relay '));
    node.clock.advance(60_000);
    node.receive(a, connected('direct'));
    node.receive(b, connected('direct'));
    const metrics = await node.scrape();
    expect(metrics).toContain('nt_session_established_total{mode="relay"} 1');
    expect(metrics).not.toContain('mode="direct"');
    expect(metrics).toContain('nt_session_time_to_first_flow_seconds_sum 4.5');
    expect(metrics).toContain('nt_session_time_to_first_flow_seconds_count 1');
  });

  it('counts anew in another room, also of the same name', async () => {
    const a = await node.join('A');
    node.receive(a, connected(''));
    const elsewhere = await node.join('A', { room: randomUUID() });
    node.receive(elsewhere, connected(''));
    a.leave();
    node.receive(await node.join('A'), connected(''));
    expect(await node.scrape()).toContain('nt_session_established_total{mode="unspecified"} 3');
  });

  it('counts every failure, by reason', async () => {
    const a = await node.join('A');
    for (let i = 0; i < 2; i++) node.receive(a, '{"type":"telemetry","event":"ice-failed","reason":"Timeout"}');
    expect(await node.scrape()).toContain('nt_session_failed_total{reason="timeout"} 2');
  });

  it('makes no more labels than a client may be trusted with', async () => {
    const a = await node.join('A');
    for (let i = 0; i < 500; i++) node.receive(a, `{"type":"telemetry","event":"ice-failed","reason":"r${i}"}`);
    const evil = ['x y', '"}', 'é', 'x'.repeat(1000)];
    for (const reason of evil) node.receive(a, JSON.stringify({ type: 'telemetry', event: 'ice-failed', reason }));
    const labels = (await node.scrape()).match(/^nt_session_failed_total\{/gm)!;
    expect(labels.length).toBeLessThanOrEqual(33);
    expect(await node.scrape()).toContain('nt_session_failed_total{reason="other"}');
  });
});
