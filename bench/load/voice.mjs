// Voice clients: some that speak, many that listen to two voices at once, all in one conversation.
import { setTimeout as sleep } from 'node:timers/promises';
import nodeDatachannel from 'node-datachannel';
import WebSocket from 'ws';

const PACKET_MS = 20;
const CONNECT_MS = 5000;
const ATTEMPTS = 4;
const AT_ONCE = 10;
const VOICES = 2;
/** An Opus packet of 20 ms at 32 kbit/s, and its header with a level. */
const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const HEADER = Buffer.from([0x90, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xde, 0, 1, 0x10, 0x9e, 0, 0]);
const PAYLOAD_BYTES = 80;
const TAIL_MS = 200;

const speakers = [];
let arrived = 0;

export async function openVoices({ port, listeners }) {
  for (let i = 0; i < VOICES; i++) speakers.push(await connect(port, `speaker${i}`, true));
  await openListeners({ port, count: listeners });
}

export async function openListeners({ port, count, from = 0 }) {
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => `listener${from + first + i}`);
    await Promise.all(some.map((user) => connect(port, user, false)));
  }
}

/** Every speaker sends a packet each 20 ms; returns how many have arrived, all listeners together. */
export async function speak({ packets, listeners }) {
  arrived = 0;
  let due = performance.now();
  for (let n = 0; n < packets; n++) {
    for (const speaker of speakers) speaker.send();
    due += PACKET_MS;
    await sleep(Math.max(0, due - performance.now()));
  }
  await sleep(TAIL_MS);
  const expected = packets * VOICES * listeners;
  if (arrived < 0.98 * expected || arrived > expected) throw new Error(`${arrived} of ${expected} packets arrived`);
  return { packets: arrived };
}

async function connect(port, user, speaks) {
  const headers = { 'X-User-Claim': JSON.stringify({ userid: user, clientid: 'bench' }) };
  const joined = await fetch(`http://127.0.0.1:${port}/join/bench`, { method: 'POST', headers });
  if (!joined.ok) throw new Error(`join: ${joined.status}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptToConnect(port, headers, speaks);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function attemptToConnect(port, headers, speaks) {
  const config = { iceServers: [], bindAddress: '127.0.0.1', disableAutoNegotiation: true };
  const connection = new nodeDatachannel.PeerConnection('bench', config);
  const ssrc = 1 + Math.floor(Math.random() * 1e9);
  const tracks = Array.from({ length: speaks ? 1 : VOICES }, (_, i) => addTrack(connection, `m${i}`, speaks && ssrc));
  const gathered = new Promise((done) => connection.onGatheringStateChange((state) => state === 'complete' && done()));
  const connected = new Promise((done) => connection.onStateChange((state) => state === 'connected' && done(true)));
  connection.setLocalDescription('offer');
  await gathered;
  const level = `a=mid:m0\r\na=extmap:1 ${LEVEL_URI}\r\n`;
  const answer = await signal(port, headers, connection.localDescription().sdp.replace('a=mid:m0\r\n', level));
  connection.setRemoteDescription(answer, 'answer');
  if (!(await Promise.race([connected, sleep(CONNECT_MS, false, { ref: false })]))) {
    connection.close();
    throw new Error('not connected');
  }
  return new Client(connection, tracks, ssrc);
}

function addTrack(connection, mid, ssrc) {
  const audio = new nodeDatachannel.Audio(mid, ssrc ? 'SendOnly' : 'RecvOnly');
  audio.addOpusCodec(111);
  if (ssrc) audio.addSSRC(ssrc, 'bench');
  const track = connection.addTrack(audio);
  track.onMessage((packet) => {
    if (packet.length > PAYLOAD_BYTES) arrived++;
  });
  return track;
}

async function signal(port, headers, sdp) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/connect`, { headers });
  const answer = new Promise((done, fail) => {
    socket.on('message', (data) => done(data.toString()));
    socket.on('error', fail);
    socket.on('close', (code) => fail(new Error(`closed with ${code}`)));
  });
  socket.on('open', () => socket.send(sdp));
  return answer;
}

/** Holds on to what the library itself holds weakly. */
class Client {
  static all = [];
  #sequence = 0;

  constructor(connection, tracks, ssrc) {
    Object.assign(this, { connection, tracks });
    this.packet = Buffer.concat([HEADER, Buffer.alloc(PAYLOAD_BYTES, 7)]);
    this.packet.writeUInt32BE(ssrc, 8);
    Client.all.push(this);
  }

  send() {
    const sequence = this.#sequence++;
    this.packet.writeUInt16BE(sequence & 0xffff, 2);
    this.packet.writeUInt32BE((sequence * 960) >>> 0, 4);
    this.tracks[0].sendMessageBinary(this.packet);
  }
}
