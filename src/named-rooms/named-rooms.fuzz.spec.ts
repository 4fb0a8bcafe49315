import { settled } from '../../test/support/fake-peer.js';
import { RoomKey } from '../../test/support/room-key.js';
import { RoomsNode } from '../../test/support/rooms-node.js';
import { ROOM_ERROR_CODES, RoomError } from './named-rooms.errors.js';
import { parseFrame, relayFrame } from './named-rooms.frames.js';

const INPUTS = 100_000;
const SEED = 20_260_101;

/** Mulberry32: a generator of few lines, the same on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Frames that are right, and pieces that frames are made of. */
function corpus(keys: RoomKey[], to: string): { frames: string[]; pieces: string[] } {
  const frames = keys.flatMap(({ jwk }) => [
    JSON.stringify({ type: 'register', publicKey: jwk }),
    JSON.stringify({ type: 'register', publicKey: jwk, proof: true }),
  ]);
  frames.push(
    JSON.stringify({ type: 'prove', signature: 'AAAA' }),
    JSON.stringify({ type: 'offer', to, sdp: { type: 'offer', sdp: 'v=0\r\n"é🙂' } }),
    `{"type":"ice-candidate","to":"${to}","from":"evil","n":[1.50,{"from":1}]}`,
  );
  const words = ['type', 'to', 'from', 'publicKey', 'proof', 'signature', 'kty', 'x', 'd', '__proto__', 'offer', to];
  const signs = ['{', '}', '[', ']', ',', ':', '"', '\\', '\\u0066', ' ', '\0', 'é', '1e999', '-', 'null', 'true'];
  return { frames, pieces: [...words.map((word) => `"${word}"`), ...words, ...signs] };
}

/** A frame that was right, with a few things cut out, put in, swapped or flipped. */
function mutant({ frames, pieces }: ReturnType<typeof corpus>, random: (below: number) => number): Buffer {
  let text = frames[random(frames.length)]!;
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const [at, length] = [random(text.length + 1), random(8)];
    const piece = pieces[random(pieces.length)]!;
    if (random(3) === 0) text = text.slice(0, at) + text.slice(at + length);
    else if (random(2) === 0) text = text.slice(0, at) + piece + text.slice(at + length);
    else text = text.slice(0, at) + text.slice(random(text.length + 1));
  }
  const data = Buffer.from(text);
  if (random(8) === 0 && data.length > 0) data[random(data.length)] = random(256);
  return data;
}

describe('any bytes whatever', () => {
  const keys = [new RoomKey('P-256'), new RoomKey('Ed25519')];
  const me = 'f'.repeat(64);

  it(`are a frame or a RoomError, and relayed with one from: ${INPUTS} of them`, () => {
    const random = generator(SEED);
    const material = corpus(keys, keys[0]!.id);
    let relayed = 0;
    for (let i = 0; i < INPUTS; i++) {
      const data = mutant(material, random);
      let frame;
      try {
        frame = parseFrame(data, random(50) === 0);
      } catch (error) {
        if (!(error instanceof RoomError) || error.code !== 'bad_frame') throw error;
        continue;
      }
      if (frame.type === 'register' || frame.type === 'prove') continue;
      relayed++;
      const arrived = JSON.parse(relayFrame(frame, me).toString()) as Record<string, unknown>;
      if (arrived['from'] !== me || 'to' in arrived || arrived['type'] !== frame.type) throw new Error(data.toString());
    }
    expect(relayed).toBeGreaterThan(INPUTS / 100);
  }, 60_000);

  it('end no socket but with an error, and nobody in another room hears of it', async () => {
    const node = new RoomsNode({ WS_BAD_FRAMES_PER_MIN: '0' });
    const [bystander, peer] = [await node.join('elsewhere', keys[0]!), await node.join('fuzzed', keys[1]!)];
    const random = generator(SEED + 1);
    const material = corpus(keys, keys[1]!.id);
    let fuzzer = node.connect('fuzzed');
    for (let i = 0; i < 20_000; i++) {
      node.receive(fuzzer, mutant(material, random));
      if (i % 50 !== 0) continue;
      await settled();
      expect(fuzzer.closed).toBeUndefined();
      for (const { code } of fuzzer.frames('error')) expect(ROOM_ERROR_CODES).toContain(code);
      fuzzer.leave();
      await settled();
      fuzzer = node.connect('fuzzed');
    }
    expect(bystander.texts).toHaveLength(1);
    expect(peer.closed).toBeUndefined();
    expect(peer.texts.length).toBeGreaterThan(1);
    fuzzer.leave();
    peer.leave();
    bystander.leave();
    await settled();
    expect([...node.rooms.withPrefix('')]).toEqual([]);
  }, 60_000);
});
