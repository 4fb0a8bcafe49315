/// <reference lib="dom" />

/** What a page has heard on one of its m-lines. */
export interface Ear {
  mid: string;
  packets: number;
  lost: number;
  energy: number;
  /** The loudest frequency at this moment, in Hz. */
  pitch: number;
}

interface VoicePage {
  peer: RTCPeerConnection;
  socket: WebSocket;
  events: { type: string; mid?: string; user?: string; speaking?: boolean }[];
  gain: GainNode;
  pitches: Map<string, () => number>;
}

declare global {
  interface Window {
    voice: VoicePage;
  }
}

/** Runs in a page: connects, sends a tone of this pitch, and listens to `slots` voices besides the first. */
export async function speak(base: string, pitch: number, slots: number): Promise<void> {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: pitch });
  const gain = new GainNode(context, { gain: 0.5 });
  const out = context.createMediaStreamDestination();
  tone.connect(gain).connect(out);
  tone.start();

  const peer = new RTCPeerConnection();
  const pitches = new Map<string, () => number>();
  peer.ontrack = ({ track, transceiver }) => {
    const stream = new MediaStream([track]);
    const player = new Audio();
    player.srcObject = stream; // without a player the track is not decoded
    void player.play();
    const analyser = new AnalyserNode(context, { fftSize: 4096 });
    context.createMediaStreamSource(stream).connect(analyser);
    pitches.set(transceiver.mid!, () => {
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const loudest = bins.reduce((best, value, i) => (value > bins[best]! ? i : best), 0);
      return bins[loudest]! < -60 ? 0 : (loudest * context.sampleRate) / analyser.fftSize;
    });
  };
  peer.addTransceiver(out.stream.getAudioTracks()[0]!, { direction: 'sendrecv', streams: [out.stream] });
  for (let i = 0; i < slots; i++) peer.addTransceiver('audio', { direction: 'recvonly' });

  const socket = new WebSocket(`${base.replace('http', 'ws')}/connect?events=1`);
  const events: VoicePage['events'] = [];
  await new Promise((open) => (socket.onopen = open));
  peer.onicecandidate = ({ candidate }) => candidate && socket.send(`ice::${candidate.candidate}`);
  const connected = new Promise<void>((done, fail) => {
    socket.onclose = ({ code, reason }) => fail(new Error(`${code} ${reason}`));
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'connected') done();
      if (peer.connectionState === 'failed') fail(new Error('failed'));
    };
  });
  socket.onmessage = async ({ data }) => {
    const text = String(data);
    const rest = text.slice(text.indexOf('::') + 2);
    if (text.startsWith('answer::')) await peer.setRemoteDescription({ type: 'answer', sdp: rest });
    if (text.startsWith('event::')) events.push(JSON.parse(rest) as VoicePage['events'][number]);
  };
  await peer.setLocalDescription();
  socket.send(`offer::${peer.localDescription!.sdp}`);
  await connected;
  window.voice = { peer, socket, events, gain, pitches };
}

/** Runs in a page: what it hears, by m-line. */
export async function listen(): Promise<Ear[]> {
  const { peer, pitches } = window.voice;
  const report = await peer.getStats();
  const ears: Ear[] = [];
  report.forEach((stats: RTCInboundRtpStreamStats) => {
    if (stats.type !== 'inbound-rtp') return;
    const { mid = '', packetsReceived: packets = 0, packetsLost: lost = 0, totalAudioEnergy: energy = 0 } = stats;
    ears.push({ mid, packets, lost, energy, pitch: Math.round(pitches.get(mid)?.() ?? 0) });
  });
  return ears;
}

/** Runs in a page: how loud its tone is, 0 to 1. */
export function setGain(value: number): void {
  window.voice.gain.gain.value = value;
}

/** Runs in a page: all that it was told about the others. */
export function events(): VoicePage['events'] {
  return window.voice.events;
}

/** Runs in a page: closes the WebSocket; the media goes on. */
export function hangUp(): void {
  window.voice.socket.onclose = null;
  window.voice.socket.close();
}

/** Runs in a page: ends its media, and sends candidates all the same; resolves when they are on their way. */
export async function closeAmidCandidates(): Promise<void> {
  const { peer, socket } = window.voice;
  socket.onclose = null;
  peer.close();
  for (let port = 1; port <= 25; port++) socket.send(`ice::candidate:1 1 UDP 1 192.0.2.9 ${port} typ host`);
  while (socket.bufferedAmount > 0) await new Promise((turn) => setTimeout(turn, 10));
}

/** Runs in a page: all that the connection under this global name has received. */
export async function soundOf(name: string): Promise<{ packets: number; energy: number }> {
  const peer = (window as unknown as Record<string, RTCPeerConnection | undefined>)[name];
  const sound = { packets: 0, energy: 0 };
  (await peer?.getStats())?.forEach((stats: RTCInboundRtpStreamStats) => {
    if (stats.type !== 'inbound-rtp') return;
    sound.packets += stats.packetsReceived ?? 0;
    sound.energy += stats.totalAudioEnergy ?? 0;
  });
  return sound;
}
