import { Clock, type Timer } from '../../src/core/clock.js';

interface Alarm {
  at: number;
  run: () => void;
}

/** Time that passes when a test says so. */
export class FakeClock extends Clock {
  private readonly alarms = new Set<Alarm>();
  private time = Date.UTC(2026, 0, 1);

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Timer {
    const alarm = { at: this.time + ms, run };
    this.alarms.add(alarm);
    return { cancel: () => this.alarms.delete(alarm) };
  }

  /** Lets time pass, running in order what falls due. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let alarm = this.next(end); alarm; alarm = this.next(end)) {
      this.alarms.delete(alarm);
      this.time = Math.max(this.time, alarm.at);
      alarm.run();
    }
    this.time = end;
  }

  private next(end: number): Alarm | undefined {
    const due = [...this.alarms].filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}
