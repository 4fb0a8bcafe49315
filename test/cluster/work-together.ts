import { MailRoom, payloadsOf } from '../e2e/signaling/mail.js';
import { eventually } from '../support/eventually.js';
import { http } from '../support/raw-http.js';
import { pairOn, relays } from './fault-rooms.js';
import { minted, redeemed } from './rendezvous-client.js';
import { PATIENCE } from './two-nodes.js';

interface Node {
  http: string;
  ws: string;
}

/** All that two nodes do with their Redis: codes, rooms and the way between nodes, mail. As soon as they are ready. */
export async function workTogether(one: Node, two: Node): Promise<void> {
  for (const node of [one, two]) await eventually(() => http(node).get('/readyz').expect(200), PATIENCE);
  const { code, appID } = await minted(one);
  expect(await redeemed(two, code)).toMatchObject({ appID });
  const { a, b } = await pairOn(one, two);
  await relays(a, b);
  await relays(b, a);
  const room = new MailRoom(one);
  await room.leave('A', '1', '2');
  const reader = await room.on(two).hello('B', 'deliver');
  await eventually(() => expect(payloadsOf(reader)).toEqual([1, 2]), PATIENCE);
}
