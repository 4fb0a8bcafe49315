import { FakeClock } from '../../../test/support/fake-clock.js';
import { LocalMembers } from '../../core/rooms/local-members.js';
import type { NodesLink } from '../nodes/nodes-link.js';
import { Stamps } from '../nodes/stamps.js';
import { Devices } from './devices.js';
import { encodeDevices, parseDevices } from './devices.frames.js';

const OWNER = { user: 'u', client: 'c' };

/** What one node sends waits until the wire carries it to the others, all of it or, while it is cut, nothing. */
class Wire {
  private readonly ends: { deliver: (text: string) => void; greet: () => void }[] = [];
  private waiting: (() => void)[] = [];
  private isCut = false;

  end(): NodesLink {
    const end = { deliver: (_text: string): void => undefined, greet: (): void => undefined };
    this.ends.push(end);
    return {
      subscribe: (_subject: string, handle: (message: { string(): string }) => void) => {
        end.deliver = (text) => handle({ string: () => text });
      },
      onUp: (greet: () => void) => void (end.greet = greet),
      publish: (_subject: string, text: string) => {
        if (this.isCut) return;
        for (const other of this.ends) if (other !== end) this.waiting.push(() => other.deliver(text));
      },
    } as unknown as NodesLink;
  }

  cut(): void {
    this.isCut = true;
  }

  /** One after the other, as nodes come back. */
  mend(): void {
    this.isCut = false;
    for (const { greet } of this.ends) greet();
  }

  /** Until nobody has anything more to say; `messages` counts what was said. */
  carry(): number {
    let messages = 0;
    for (; this.waiting.length > 0; messages++) {
      if (messages > 100) throw new Error('they never stop talking');
      this.waiting.shift()!();
    }
    return messages;
  }
}

describe('the devices of two nodes', () => {
  let wire: Wire;
  let here: Devices;
  let there: Devices;
  let replaced: string[];

  beforeEach(() => {
    wire = new Wire();
    replaced = [];
    const clock = new FakeClock();
    const node = (): Devices => {
      const devices = new Devices(wire.end(), new Stamps(clock, new LocalMembers()));
      devices.onReplaced = (peer) => void replaced.push(peer);
      return devices;
    };
    [here, there] = [node(), node()];
  });

  const connect = (devices: Devices, peer: string, owner = OWNER): void => {
    devices.offered(peer, owner);
    devices.connected(peer);
  };

  it('are replaced by the same user and client there, once it is connected', () => {
    connect(here, 'old');
    wire.carry();
    there.offered('new', OWNER);
    wire.carry();
    expect(replaced).toEqual([]);
    there.connected('new');
    wire.carry();
    expect([replaced, here.size, there.size]).toEqual([['old'], 0, 1]);
  });

  it('are left alone by others, and by an offer that comes to nothing', () => {
    connect(here, 'old');
    connect(there, 'other', { user: 'u', client: 'd' });
    connect(there, 'another', { user: 'v', client: 'c' });
    there.offered('nothing', OWNER);
    there.ended('nothing');
    there.connected('nothing');
    wire.carry();
    expect([replaced, here.size, there.size]).toEqual([[], 1, 2]);
  });

  it('that connect at the same time: one survives', () => {
    connect(here, 'one');
    connect(there, 'two');
    wire.carry();
    expect([replaced.length, here.size + there.size]).toEqual([1, 1]);
  });

  it('that connect in another order than they offered: the later offer survives', () => {
    connect(here, 'before', { user: 'v', client: 'c' });
    wire.carry(); // from here on, what begins there is later
    here.offered('early', OWNER);
    there.offered('seen', { user: 'w', client: 'c' });
    there.offered('late', OWNER);
    there.connected('late');
    wire.carry();
    here.connected('early');
    wire.carry();
    expect([replaced, here.size, there.size]).toEqual([['early'], 1, 2]);
  });

  it('that could not hear of each other come to agree, whichever comes back first, and fall silent', () => {
    for (const [earlier, later] of [
      [here, there],
      [there, here],
    ] as const) {
      wire.cut();
      connect(earlier, 'earlier');
      connect(later, 'further', { user: 'v', client: 'c' });
      connect(later, 'later');
      wire.mend();
      expect(wire.carry()).toBeLessThan(10);
      expect(replaced.splice(0)).toEqual(['earlier']);
      for (const peer of ['later', 'further']) later.ended(peer);
    }
  });

  it('are forgotten with their media process', () => {
    connect(here, 'old');
    wire.carry();
    here.clear();
    connect(there, 'new');
    wire.carry();
    expect([replaced, here.size]).toEqual([[], 0]);
  });
});

describe('the messages about devices', () => {
  it('are read as they were written, however many there are', () => {
    const devices = Array.from({ length: 250 }, (_, i) => ({ user: `u${i}`, client: '"\\é', stamp: i, node: 'n' }));
    const pages = [...encodeDevices(devices)];
    expect([pages.length, pages.flatMap(parseDevices)]).toEqual([3, devices]);
    expect([...encodeDevices([])]).toEqual([]);
  });

  it.each([
    '',
    'null',
    '{}',
    '{"devices":{}}',
    '{"devices":[null]}',
    '{"devices":[{"user":"u","client":"","stamp":1,"node":"n"}]}',
    '{"devices":[{"user":"u","client":"c","stamp":"1","node":"n"}]}',
    '{"devices":[{"user":"u","client":"c","stamp":1,"node":"n"},{"user":"u"}]}',
  ])('are refused whole when one is wrong: %s', (text) => {
    expect(() => parseDevices(text)).toThrow();
  });
});
