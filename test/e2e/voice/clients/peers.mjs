// Voice clients made of libdatachannel, many in one process: it must not be Jest's, as the library ends its process at
// will. Each signals as a real one does, sends RTP packets that say whose they are, and keeps the headers of all it gets.
import { setTimeout as sleep } from 'node:timers/promises';
import nodeDatachannel from 'node-datachannel';
import WebSocket from 'ws';
import { obey, report } from '../../noisytransfer-clients/clients/ipc.mjs';
import { rtpPacket, readRtp } from './rtp.mjs';

const { Audio, PeerConnection } = nodeDatachannel;
const LEVEL = 'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n';
const PACKET_MS = 20;
const CONNECT_MS = 15_000;
const ATTEMPTS = 3;

const peers = new Map();

class Peer {
  heard = [];
  frames = [];
  #talking = 0;
  #sequence = 100;
  #timestamp = 5000;

  constructor(options) {
    Object.assign(this, {
      payloadType: 111,
      slots: 0,
      form: 'prefixed',
      query: '',
      ssrc: 1 + Math.floor(Math.random() * 1e9),
      ...options,
    });
  }

  /** An offerer made of this library sometimes does not come through: it tries again, as a client that is no test would. */
  async connect() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt();
      } catch (error) {
        this.close();
        if (error.final || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #attempt() {
    const connection = new PeerConnection(this.id, {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    this.connection = connection;
    this.tracks = [this.#track('main', this.listens ? 'RecvOnly' : 'SendRecv')];
    for (let i = 0; i < this.slots; i++) this.tracks.push(this.#track(`slot${i}`, 'RecvOnly'));
    const gathered = new Promise((done) =>
      connection.onGatheringStateChange((state) => state === 'complete' && done()),
    );
    const connected = new Promise((done, fail) => {
      connection.onStateChange((state) => {
        if (state === 'connected') done();
        if (state === 'failed') fail(new Error('ICE or DTLS failed'));
        if (state === 'closed' || state === 'disconnected' || state === 'failed')
          report('media', { id: this.id, state });
      });
    });
    connection.setLocalDescription('offer');
    await gathered;
    const sdp = connection
      .localDescription()
      .sdp.replace('a=mid:main\r\n', `a=mid:main\r\n${this.level === undefined ? '' : LEVEL}`);
    const answer = await this.#signal(sdp);
    connection.setRemoteDescription(answer, 'answer');
    const late = sleep(CONNECT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('not connected')));
    await Promise.race([connected, late]);
  }

  #track(mid, direction) {
    const audio = new Audio(mid, direction);
    audio.addOpusCodec(this.payloadType);
    if (direction === 'SendRecv') audio.addSSRC(this.ssrc, 'client');
    const track = this.connection.addTrack(audio);
    track.onMessage((bytes) => {
      const packet = readRtp(bytes);
      if (packet) this.heard.push({ mid, ...packet });
    });
    return track;
  }

  #signal(sdp) {
    this.frames = [];
    const headers = this.claim === undefined ? {} : { 'X-User-Claim': this.claim };
    const ws = new WebSocket(`${this.ws}/connect${this.query}`, { headers });
    this.socket = ws;
    return new Promise((resolve, reject) => {
      const fail = (reason) => reject(Object.assign(new Error(reason), { final: true }));
      ws.on('open', () => ws.send(this.form === 'raw' ? sdp : `offer::${sdp}`));
      ws.on('error', ({ message }) => fail(message));
      ws.on('close', (code, reason) => {
        report('closed', { id: this.id, code, reason: reason.toString() });
        fail(`closed with ${code}`);
      });
      ws.on('message', (data) => {
        const text = data.toString();
        this.frames.push(text);
        if (this.form === 'raw') resolve(text);
        else if (text.startsWith('answer::')) resolve(text.slice('answer::'.length));
      });
    });
  }

  /** Sends a packet every 20 ms until told to stop, or so many. */
  async talk({ packets = Infinity }) {
    const turn = ++this.#talking;
    let due = performance.now();
    for (let n = 0; n < packets && turn === this.#talking; n++) {
      const { payloadType, ssrc, level, id } = this;
      const header = { payloadType, ssrc, level, sequence: this.#sequence++, timestamp: (this.#timestamp += 960) };
      try {
        this.tracks[0].sendMessageBinary(rtpPacket(header, `${id} ${n}`));
      } catch {
        // lost: its media is not up yet, or has ended
      }
      due += PACKET_MS;
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  hush() {
    this.#talking++;
  }

  /** What it ends itself, a failed attempt for one, it does not report as closed. */
  close() {
    this.hush();
    this.socket?.removeAllListeners('close');
    this.socket?.terminate();
    this.connection?.close();
  }
}

obey({
  async connect(options) {
    peers.get(options.id)?.close();
    const peer = new Peer(options);
    peers.set(options.id, peer);
    try {
      await peer.connect();
      report('connected', { id: peer.id, frames: peer.frames });
    } catch (error) {
      report('unconnected', { id: peer.id, reason: error.message });
    }
  },
  set: ({ id, ...options }) => void Object.assign(peers.get(id), options),
  talk: ({ id, packets }) => void peers.get(id).talk({ packets }),
  hush: ({ id }) => peers.get(id).hush(),
  hangUp: ({ id }) => peers.get(id).socket.close(),
  close: ({ id }) => peers.get(id).close(),
  tell({ id, request }) {
    const { heard, frames } = peers.get(id);
    report('told', { request, heard, frames });
  },
});
report('up');
