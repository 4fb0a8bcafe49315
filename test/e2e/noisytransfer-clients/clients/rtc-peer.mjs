// One end of a whole transfer, step by step as the `nt` CLI takes them: code, signaling, room_full, WebRTC,
// noisyauth, noisystream. Parameters: role, http, ws, signaling ('relay' or 'mailbox'), bytes or code.
import { createHash, randomBytes } from 'node:crypto';
import { recvFileWithAuth, sendFileWithAuth } from '@noisytransfer/noisystream';
import { mailboxTransport, rtcInitiator, rtcResponder } from '@noisytransfer/transport';
import wrtc from '@roamhq/wrtc';
import WebSocket from 'ws';
import { commanded, parameters, report } from './ipc.mjs';
import { authenticateReceiver, authenticateSender, receiverKeys, senderKeys } from './keys.mjs';
import { relaySignal, roomFull } from './signal.mjs';

const { RTCPeerConnection, RTCIceCandidate, RTCSessionDescription } = wrtc;
Object.assign(globalThis, { WebSocket, RTCPeerConnection, RTCIceCandidate, RTCSessionDescription });

const { role, http, ws, signaling } = parameters;
const rtcConfiguration = { iceServers: [] };
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${http}/rendezvous/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function join(appID, side) {
  if (signaling === 'mailbox') return mailboxTransport(`${ws}/ws`, { room: appID, side });
  const signal = relaySignal(ws, appID, side);
  await signal.opened;
  report('joined');
  return signal;
}

/** The spec decides who joins first, so it has to know how far this side has come. */
const told = (signal) => ({
  ...signal,
  send: (frame) => {
    signal.send(frame);
    report('signaled', { type: frame.type, last: frame.type === 'ice' && frame.cand === null });
  },
});

async function initiator() {
  const keys = await senderKeys();
  const { code, appID } = await post('code', { ttl: 600 });
  report('code', { code });
  await commanded('join');
  const signal = await join(appID, 'A');
  if (signaling === 'relay') await roomFull(signal);
  const tx = await rtcInitiator(told(signal), rtcConfiguration);
  const session = { policy: 'rtc', sessionId: appID, roomId: appID };
  const { sas, recipient } = await authenticateSender(tx, session, keys);

  const source = randomBytes(parameters.bytes);
  const hpke = { peerMaterial: recipient };
  await sendFileWithAuth({ tx, sessionId: appID, source, hpke, sign: { privateKey: keys.signingKey } });
  report('done', { sas, sha256: sha256(source), bytes: source.length });
}

async function responder() {
  const keys = await receiverKeys();
  const { appID } = await post('redeem', { code: parameters.code });
  report('redeemed');
  await commanded('join');
  const tx = rtcResponder(told(await join(appID, 'B')), rtcConfiguration);
  await new Promise((resolve) => tx.onUp(resolve));

  // Listening before the handshake is over: the first frame of the stream may follow its last one at once. The
  // verification key is needed only at the end of the stream.
  const sign = {};
  const stream = recvFileWithAuth({ tx, sessionId: appID, hpke: { ownPriv: keys.privateKey }, sign });
  const session = { policy: 'rtc', sessionId: appID, roomId: appID };
  const { sas, verifyKey } = await authenticateReceiver(tx, session, keys);
  sign.verifyKey = verifyKey;
  const { result, bytes, signatureVerified } = await stream;
  report('done', { sas, sha256: sha256(result), bytes, signatureVerified });
}

const run = { initiator, responder }[role];
run().catch((error) => report('failed', { reason: String(error?.stack ?? error), code: error?.code }));
