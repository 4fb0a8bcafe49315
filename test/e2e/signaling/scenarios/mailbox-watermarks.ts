import { FakeClock } from '../../../support/fake-clock.js';
import type { Start } from '../../../support/places.js';
import { passed } from '../../../support/ws-client.js';
import { inRooms, type MailRoom, mailTo, payloadsOf, seqsOf } from '../mail.js';
import { both } from '../peers.js';

/** A reader that has seen higher numbers than its box has given out, wherever its sender is. */
export const watermarkScenarios = (start: Start) => (): void => {
  let room: MailRoom;

  inRooms(
    () => start({ HEARTBEAT: '1h' }, new FakeClock()),
    (its) => (room = its),
  );

  it('drops nothing: what is queued is numbered from there', async () => {
    await room.leave('A', '"x"', '"y"', '"z"');
    const b = await room.hello('B', 'deliver', 50);
    expect(seqsOf(b)).toEqual([51, 52, 53]);
    expect(payloadsOf(b)).toEqual(['x', 'y', 'z']);
  });

  it('makes new mail go on above it', async () => {
    const b = await room.hello('B', 'deliver', 50);
    const a = await room.hello('A', 'deliver');
    a.send(mailTo('B', '"x"'), mailTo('B', '"y"'));
    await both(a, b);
    await both(a, b);
    expect(seqsOf(b)).toEqual([51, 52]);
  });

  it('also when it comes on a socket that has been reading', async () => {
    await room.leave('A', '"x"');
    const b = await room.hello('B', 'deliver', 0);
    b.send({ type: 'hello', deliveredUpTo: 9 });
    await b.settled();
    const a = await room.hello('A', 'deliver');
    a.send(mailTo('B', '"y"'));
    await passed(a, b);
    await b.settled();
    expect(payloadsOf(b)).toEqual(['x', 'y']);
    expect(seqsOf(b).at(-1)).toBeGreaterThan(9);
  });

  it('is acknowledged like any other number afterwards', async () => {
    await room.leave('A', '"x"', '"y"', '"z"');
    const b = await room.hello('B', 'deliver', 50);
    b.send({ type: 'delivered', upTo: 52 });
    await b.settled();
    await b.close();
    expect(seqsOf(await room.hello('B', 'deliver', 0))).toEqual([53]);
  });

  it('holds for each side alone', async () => {
    await room.leave('A', '"for B"');
    await room.leave('B', '"for A"');
    expect(seqsOf(await room.hello('B', 'deliver', 50))).toEqual([51]);
    expect(seqsOf(await room.hello('A', 'deliver', 0))).toEqual([1]);
  });
};
