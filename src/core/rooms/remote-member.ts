import type { Farewell, Frame, Member } from './member.js';
import type { Line } from './node-bus.js';

/** Somebody whose socket another node has. */
export class RemoteMember implements Member {
  constructor(
    readonly id: string,
    private readonly line: Line,
  ) {}

  send(frame: Frame): void {
    this.line.send(this.id, frame);
  }

  note(note: string): void {
    this.line.note(this.id, note);
  }

  /** Of who cannot be asked nothing is known; if its node is gone, the end of the lease ends its claims. */
  async challenge(): Promise<boolean> {
    return (await this.line.ask(this.id, 'challenge')) ?? true;
  }

  async evict(farewell?: Farewell): Promise<void> {
    await this.line.ask(this.id, 'evict', farewell);
  }

  async displaceSilent(): Promise<boolean> {
    return (await this.line.ask(this.id, 'displaceSilent')) ?? false;
  }
}
