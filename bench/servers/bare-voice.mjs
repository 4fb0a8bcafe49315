// The yardstick for voice: node-datachannel and a loop. One conversation; the n-th speaker's packets go to everybody
// else's n-th m-line, with the SSRC of that line written into them. No validation, no levels, no limits, no conversations.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import nodeDatachannel from 'node-datachannel';
import { WebSocketServer } from 'ws';

const RTCP = [64, 95];
const udpPort = await freeUdpPort();
const peers = [];
let speakers = 0;

nodeDatachannel.preload();
const http = createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
new WebSocketServer({ server: http }).on('connection', (socket) => {
  socket.once('message', async (data) => socket.send(await accept(data.toString())));
  socket.on('error', () => {});
});

async function accept(sdp) {
  const connection = new nodeDatachannel.PeerConnection('peer', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    enableIceUdpMux: true,
    portRangeBegin: udpPort,
    portRangeEnd: udpPort,
    disableAutoNegotiation: true,
  });
  const peer = { connection, lines: [] };
  peers.push(peer);
  for (const section of sdp.split(/^(?=m=)/m).slice(1)) addLine(peer, section);
  const gathered = new Promise((done) => connection.onGatheringStateChange((state) => state === 'complete' && done()));
  connection.setRemoteDescription(sdp, 'offer');
  connection.setLocalDescription('answer');
  await gathered;
  return connection.localDescription().sdp;
}

function addLine(peer, section) {
  const sends = section.includes('a=sendonly');
  const audio = new nodeDatachannel.Audio(/^a=mid:(\S+)/m.exec(section)[1], sends ? 'RecvOnly' : 'SendOnly');
  audio.addOpusCodec(111);
  const ssrc = randomInt(1, 0xffffffff);
  if (!sends) audio.addSSRC(ssrc, 'bare');
  const track = peer.connection.addTrack(audio);
  const line = { track, ssrc };
  peer.lines.push(line);
  if (!sends) return;
  let index; // a peer that never gets through is no speaker
  track.onMessage((packet) => forward(peer, (index ??= speakers++), packet));
}

function forward(from, index, packet) {
  const type = packet[1] & 0x7f;
  if (type >= RTCP[0] && type <= RTCP[1]) return;
  for (const peer of peers) {
    const line = peer.lines[index];
    if (peer === from || !line?.track.isOpen() || peer.lines.length < 2) continue;
    packet.writeUInt32BE(line.ssrc, 8);
    line.track.sendMessageBinary(packet);
  }
}

async function freeUdpPort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
