import { Logger } from '@nestjs/common';
import type { Clock, Timer } from '../clock.js';
import { reportFault } from '../report-fault.js';
import { inBatches } from './in-batches.js';

/** How long after a failure a room is looked at again, in ms: well within the five seconds that a return may take. */
const RETRY_MS = 500;

/** Rooms of which this node does not know whether its view is the directory's: each stays here until it was set right. */
export class Doubts {
  private readonly logger = new Logger(Doubts.name);
  private readonly rooms = new Set<string>();
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;

  /**
   * @param canSettle whether trying has a point now
   * @param settle sets a room right; resolves to false, or rejects, where it must be tried again
   */
  constructor(
    private readonly clock: Clock,
    private readonly canSettle: () => boolean,
    private readonly settle: (room: string) => Promise<boolean>,
  ) {}

  /** Looks at the room {@link RETRY_MS} from now, or at the next {@link run}. */
  add(room: string): void {
    this.rooms.add(room);
    this.timer ??= this.clock.after(RETRY_MS, () => {
      this.timer = undefined;
      void this.run();
    });
  }

  /** Sets right what can be set right now. */
  async run(): Promise<void> {
    await this.running;
    const rooms = [...this.rooms];
    this.rooms.clear(); // first: a doubt that comes meanwhile is a new one
    if (!this.canSettle()) return this.addAll(rooms);
    this.running = inBatches(rooms, (room) => this.settleOne(room));
    await this.running;
  }

  private addAll(rooms: readonly string[]): void {
    for (const room of rooms) this.add(room);
  }

  private async settleOne(room: string): Promise<void> {
    try {
      if (!(await this.settle(room))) this.add(room);
    } catch (error) {
      reportFault(this.logger, error); // the directory is out of reach, which is told elsewhere, and once
      this.add(room);
    }
  }
}
