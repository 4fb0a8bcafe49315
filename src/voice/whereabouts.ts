import { Injectable } from '@nestjs/common';

/** Where users are. */
@Injectable()
export class Whereabouts {
  onMoved: (user: string, conversation: string) => void = () => {};
  private readonly conversations = new Map<string, string>();

  of(user: string): string | undefined {
    return this.conversations.get(user);
  }

  move(user: string, conversation: string): void {
    this.conversations.set(user, conversation);
    this.onMoved(user, conversation);
  }
}
