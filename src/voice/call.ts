import type { Connection } from '../core/websocket/connection.js';
import type { Owner } from './media/contract.js';
import type { Form } from './voice.frames.js';

/** One client's signaling socket: whose it is, and how far its offer has come. */
export class Call {
  /** How the client talks; undefined until its offer has come. */
  form: Form | undefined;

  /** @param events whether it wants to be told who is in its conversation */
  constructor(
    readonly owner: Owner,
    readonly events: boolean,
  ) {}
}

/** A socket on /connect. */
export type Caller = Connection<Call>;
