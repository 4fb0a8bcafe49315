import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Member, memberId } from './member.js';

/** The sockets of this node by their id, from before their handshake is answered until they end. */
@Injectable()
export class LocalMembers {
  /** This node's name among all nodes; another one with every start. */
  readonly node = randomUUID();
  private readonly members = new Map<string, Member>();
  private made = 0;

  nextId(): string {
    return memberId(this.node, ++this.made);
  }

  add(member: Member): void {
    this.members.set(member.id, member);
  }

  delete(member: Member): void {
    this.members.delete(member.id);
  }

  get(id: string): Member | undefined {
    return this.members.get(id);
  }
}
