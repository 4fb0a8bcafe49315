import { Command } from 'ioredis';

/**
 * A command whose answer is handed over while it is read from the connection: before what the server sent behind it,
 * messages of channels included. A promise would tell of it later.
 */
export class SettlingCommand extends Command {
  constructor(
    name: string,
    args: (string | number)[],
    private readonly settle: (reply: unknown) => void,
  ) {
    super(name, args, { replyEncoding: 'utf8' });
  }

  override transformReply(result: Buffer | Buffer[]): ReturnType<Command['transformReply']> {
    const reply = super.transformReply(result);
    if (!this.isSettled) this.settle(reply); // it may have been given up
    return reply;
  }
}
