import { Whereabouts } from '../../../src/voice/whereabouts/whereabouts.js';
import { eventually } from '../../support/eventually.js';
import { FakeClock } from '../../support/fake-clock.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';

jest.setTimeout(120_000);

const PATIENT = { timeout: 60_000 };

describe('a join on one of several nodes', () => {
  const nodes: RunningApp[] = [];
  let nats: NatsServer;

  const startNode = async (clock?: FakeClock): Promise<RunningApp> => {
    const node = await startApp({ NATS: nats.url }, clock);
    nodes.push(node);
    return node;
  };
  const whereaboutsOf = (node: RunningApp) => node.app.get(Whereabouts);
  const join = async (node: RunningApp, conversation: string, userid = 'u') =>
    http(node)
      .post(`/join/${conversation}`)
      .set('X-User-Claim', JSON.stringify({ userid, clientid: 'c' }))
      .expect(200);
  /** Asking is part of it: a node asks the others again each time. */
  const agreed = async (conversation: string, user = 'u') =>
    eventually(
      () => expect(nodes.map((node) => whereaboutsOf(node).of(user))).toEqual(nodes.map(() => conversation)),
      PATIENT,
    );

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await stopNats();
  });

  it('moves the user on the others', async () => {
    nats = await NatsServer.start();
    const [one, other] = [await startNode(), await startNode()];
    const moves: string[] = [];
    whereaboutsOf(other).onMove((user, conversation) => moves.push(`${user} -> ${conversation}`));
    await join(one, 'a');
    await agreed('a');
    await join(one, 'b');
    await agreed('b');
    await join(other, 'c');
    await agreed('c');
    expect(moves).toEqual(['u -> a', 'u -> b', 'u -> c']);
  });

  it('is known to a node that starts later', async () => {
    nats = await NatsServer.start();
    const one = await startNode();
    await join(one, 'a', 'u');
    await join(one, 'b', 'v');
    await startNode();
    await agreed('a', 'u');
    await agreed('b', 'v');
  });

  it('is known to a node that starts when the one that let it in is gone, as long as any other lives', async () => {
    nats = await NatsServer.start();
    const [one] = [await startNode(), await startNode()];
    await join(one, 'a');
    await agreed('a');
    await nodes.shift()!.close();
    await startNode();
    await agreed('a');
  });

  it('is later than every one its node has heard of, whatever its clock says', async () => {
    nats = await NatsServer.start();
    const fast = new FakeClock();
    fast.advance(1e12);
    const [ahead, behind] = [await startNode(fast), await startNode(new FakeClock())];
    await join(ahead, 'a');
    await agreed('a');
    await join(behind, 'b');
    await agreed('b');
  });

  it('is made up for when NATS was not there at the start, or went away', async () => {
    nats = await NatsServer.absent();
    const [one, other] = [await startNode(), await startNode()];
    await join(one, 'a');
    expect(whereaboutsOf(other).of('u')).toBeUndefined();
    await nats.restart();
    await agreed('a');

    await nats.kill();
    await join(other, 'b');
    await join(other, 'x', 'v');
    await nats.restart();
    await agreed('b');
    await agreed('x', 'v');
  });
});
