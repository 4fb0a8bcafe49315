import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import type { WsClient } from '../support/ws-client.js';
import { PATIENCE } from './two-nodes.js';

/** A frame of one comes to the other, sooner or later: what is sent while there is no way is lost, and sent again. */
export async function relays(from: WsClient, to: WsClient): Promise<void> {
  const frame = `{"type":"ice","mark":"${randomUUID()}"}`;
  await eventually(() => {
    from.send(frame);
    expect(to.frames).toContain(frame);
  }, PATIENCE);
}
