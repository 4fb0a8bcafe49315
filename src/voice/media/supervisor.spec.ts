import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { eventually } from '../../../test/support/eventually.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import type { FromMedia, MediaSettings, ToMedia } from './contract.js';
import { Supervisor } from './supervisor.js';

const SETTINGS = { udpPort: 0 } as MediaSettings;
const DETACH: ToMedia = { type: 'detach', peer: 'p' };

class FakeChild extends EventEmitter {
  readonly pid = 1;
  readonly stdout = new EventEmitter();
  readonly stderr = new EventEmitter();
  readonly received: ToMedia[] = [];
  signal: string | undefined;

  send(message: ToMedia): void {
    this.received.push(message);
  }

  kill(signal: string): void {
    this.signal = signal;
    this.emit('exit', null, signal);
  }

  says(message: FromMedia): void {
    this.emit('message', message);
  }

  dies(): void {
    this.emit('exit', null, 'SIGKILL');
  }
}

describe('Supervisor', () => {
  let clock: FakeClock;
  let children: FakeChild[];
  let told: FromMedia[];
  let deaths: { why: string; retryMs: number }[];
  let supervisor: Supervisor;
  let startProcess: () => ChildProcess;

  beforeEach(() => {
    clock = new FakeClock();
    [children, told, deaths] = [[], [], []];
    const events = {
      message: (message: FromMedia) => told.push(message),
      died: (why: string, retryMs: number) => deaths.push({ why, retryMs }),
    };
    startProcess = () => {
      children.push(new FakeChild());
      return children.at(-1) as unknown as ChildProcess;
    };
    supervisor = new Supervisor(SETTINGS, clock, events, () => startProcess());
  });

  const ready = (): void => children.at(-1)!.says({ type: 'ready', udpPort: 5000 });

  it('starts nothing until it is needed', () => {
    clock.advance(60_000);
    expect([children.length, supervisor.state]).toEqual([0, 'idle']);
  });

  it('starts one process, and keeps what it is to be told until it is ready', () => {
    supervisor.send(DETACH);
    supervisor.send(DETACH);
    expect(children.map(({ received }) => received)).toEqual([[{ type: 'start', settings: SETTINGS }]]);
    ready();
    supervisor.send(DETACH);
    expect(children[0]!.received.slice(1)).toEqual([DETACH, DETACH, DETACH]);
    expect([told.length, supervisor.state]).toEqual([1, 'running']);
  });

  it('starts it again a quarter of a second after its death, and hands over nothing of what was before', () => {
    supervisor.send(DETACH);
    children[0]!.stderr.emit('data', Buffer.from('last words'));
    children[0]!.dies();
    expect(deaths).toEqual([{ why: 'SIGKILL last words', retryMs: 250 }]);
    clock.advance(249);
    expect([children.length, supervisor.state]).toEqual([1, 'waiting']);
    supervisor.send(DETACH);
    clock.advance(1);
    ready();
    expect(children[1]!.received).toEqual([{ type: 'start', settings: SETTINGS }, DETACH]);
    expect(supervisor.deaths).toBe(1);
  });

  it('waits twice as long each time, ten seconds at most, and less again after one that was well', () => {
    supervisor.send(DETACH);
    for (let death = 0; death < 8; death++) {
      children.at(-1)!.dies();
      clock.advance(10_000);
    }
    expect(deaths.map(({ retryMs }) => retryMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    clock.advance(30_000);
    children.at(-1)!.dies();
    expect(deaths.at(-1)!.retryMs).toBe(250);
  });

  const thrown = (): never => {
    throw new Error('spawn ENOMEM');
  };
  const emitted = (): ChildProcess => {
    const unborn = new EventEmitter() as ChildProcess; // without a pid, and without `send`
    process.nextTick(() => unborn.emit('error', new Error('spawn EMFILE')));
    return unborn;
  };
  it.each([
    ['throws', thrown],
    ['says so afterwards', emitted],
  ])('takes it for a death that none can be started, where the system %s', async (_, fail) => {
    const works = startProcess;
    startProcess = fail;
    supervisor.send(DETACH);
    await eventually(() =>
      expect(deaths).toEqual([{ why: expect.stringContaining('spawn E') as string, retryMs: 250 }]),
    );
    startProcess = works;
    clock.advance(250);
    ready();
    expect(supervisor.state).toBe('running');
    expect(children.map(({ received }) => received.length)).toEqual([1]);
  });

  it('ends one that has said nothing for more than thirty seconds, and starts the next', () => {
    supervisor.send(DETACH);
    for (let second = 0; second < 100; second++) {
      ready();
      clock.advance(1000);
    }
    clock.advance(25_000);
    expect(children[0]!.signal).toBeUndefined();
    clock.advance(15_000);
    expect(children[0]!.signal).toBe('SIGKILL');
    expect(deaths).toEqual([{ why: 'SIGKILL it stood still', retryMs: 250 }]);
    clock.advance(250);
    expect(children).toHaveLength(2);
  });

  it('stops it by asking, and starts none any more', async () => {
    supervisor.send(DETACH);
    ready();
    const stopped = supervisor.stop();
    expect(children[0]!.received.at(-1)).toEqual({ type: 'stop' });
    children[0]!.emit('exit', 0, null);
    await stopped;
    supervisor.send(DETACH);
    clock.advance(60_000);
    expect([children.length, deaths.length]).toEqual([1, 0]);
  });

  it('stops at once where there is none, or none yet', async () => {
    await supervisor.stop();
    expect(children).toEqual([]);
  });

  it('starts none after the stop, though one had just died', async () => {
    supervisor.send(DETACH);
    children[0]!.dies();
    await supervisor.stop();
    clock.advance(60_000);
    expect(children).toHaveLength(1);
  });

  it('ends a process that does not go when it is asked', async () => {
    jest.useFakeTimers();
    try {
      supervisor.send(DETACH);
      const stopped = supervisor.stop();
      jest.advanceTimersByTime(3000);
      await stopped;
      expect(children[0]!.signal).toBe('SIGKILL');
    } finally {
      jest.useRealTimers();
    }
  });
});
