/** A timer that was set; cancelling it twice or after it fired does nothing. */
export interface Timer {
  cancel(): void;
}

/** The only source of time. Services take `now` as an argument; who needs a timer asks here, so that tests can turn it. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Runs `run` once, `ms` milliseconds from now. Does not keep the process alive. */
  abstract after(ms: number, run: () => void): Timer;

  /** Runs `run` every `ms` milliseconds until cancelled. */
  every(ms: number, run: () => void): Timer {
    const again = (): void => {
      timer = this.after(ms, again);
      run();
    };
    let timer = this.after(ms, again);
    return { cancel: () => timer.cancel() };
  }
}

/** The machine's clock, and Node's timers. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    let immediate: NodeJS.Immediate | undefined;
    // What falls due while the process stood still waits until it has read what arrived meanwhile: otherwise every
    // client whose answer lies in a buffer would be taken for dead.
    const timer = setTimeout(() => (immediate = setImmediate(run)), ms).unref();
    return {
      cancel() {
        clearTimeout(timer);
        clearImmediate(immediate);
      },
    };
  }
}
