import type { IncomingMessage } from 'node:http';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { parseSettings } from '../../config/parse-settings.js';
import { MemoryRateCounter } from '../../storage/memory/memory-rate-counter.js';
import { ApiError } from '../errors.js';
import { Lifecycle } from '../lifecycle.js';
import { OriginPolicy } from '../limits/origin-policy.js';
import { Admission } from './admission.js';
import { TransportStats } from './transport-stats.js';

function admissionWith(environment: Record<string, string>) {
  const settings = parseSettings(environment);
  const [clock, lifecycle, stats] = [new FakeClock(), new Lifecycle(), new TransportStats()];
  const admission = new Admission(
    settings,
    new OriginPolicy(settings),
    new MemoryRateCounter(),
    lifecycle,
    clock,
    stats,
  );
  return { admission, clock, lifecycle, stats };
}

/** The code of the error with which an address, or a browser, is turned away; undefined when it is not. */
async function refusal(step: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

const request = (origin?: string): IncomingMessage => ({ headers: { origin } }) as IncomingMessage;

describe('Admission', () => {
  it('refuses origins that are not allowed, before it counts anything', async () => {
    const { admission } = admissionWith({ DEV: 'false', CORS_ORIGINS: 'a.example', WS_RATE_PER_MIN: '1' });
    for (let i = 0; i < 5; i++) {
      expect(await refusal(() => admission.assertWelcome(request('https://b.example'), 'x'))).toBe('forbidden_origin');
    }
    expect(await refusal(() => admission.assertWelcome(request('https://a.example'), 'x'))).toBeUndefined();
  });

  it('takes WS_RATE_PER_MIN handshakes per minute from an address', async () => {
    const { admission, clock } = admissionWith({ WS_RATE_PER_MIN: '2' });
    const welcome = (address: string) => refusal(() => admission.assertWelcome(request(), address));
    expect([await welcome('x'), await welcome('x'), await welcome('x')]).toEqual([
      undefined,
      undefined,
      'rate_limited',
    ]);
    expect(await welcome('y')).toBeUndefined();
    clock.advance(60_000);
    expect(await welcome('x')).toBeUndefined();
  });

  it('counts no handshakes with WS_RATE_PER_MIN 0', async () => {
    const { admission } = admissionWith({});
    for (let i = 0; i < 1000; i++) expect(await refusal(() => admission.assertWelcome(request(), 'x'))).toBeUndefined();
  });

  it('has MAX_CONNECTIONS sockets, each of which can be given back', async () => {
    const { admission, stats } = admissionWith({ MAX_CONNECTIONS: '2' });
    admission.occupy('x');
    admission.occupy('y');
    expect(await refusal(() => admission.occupy('z'))).toBe('over_capacity');
    admission.release('x');
    expect(await refusal(() => admission.occupy('z'))).toBeUndefined();
    admission.release('y');
    admission.release('z');
    expect(stats.open).toBe(0);
  });

  it('has MAX_CONNECTIONS_PER_ADDRESS of them for one address', async () => {
    const { admission, stats } = admissionWith({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    for (let i = 0; i < 2; i++) admission.occupy('x');
    expect(await refusal(() => admission.occupy('x'))).toBe('too_many_connections');
    expect(stats.open).toBe(2);
    expect(await refusal(() => admission.occupy('y'))).toBeUndefined();
    admission.release('x');
    expect(await refusal(() => admission.occupy('x'))).toBeUndefined();
  });

  it('takes nobody once the node refuses, though it still does while it only drains', async () => {
    const { admission, lifecycle } = admissionWith({});
    lifecycle.draining = true;
    expect(await refusal(() => admission.assertAccepting())).toBeUndefined();
    lifecycle.refusing = true;
    expect(await refusal(() => admission.assertAccepting())).toBe('draining');
  });
});
