// noisyauth with the policy for mailboxes, over the published mailboxTransport: either side may come much later.
import { createHash } from 'node:crypto';
import { mailboxTransport } from '@noisytransfer/transport';
import WebSocket from 'ws';
import { commanded, parameters, report } from './ipc.mjs';
import { authenticateReceiver, authenticateSender, receiverKeys, senderKeys } from './keys.mjs';

globalThis.WebSocket = WebSocket;
const { role, relay, room } = parameters;
const session = { policy: 'ws_async', sessionId: room, roomId: room };
const fingerprint = (bytes) => createHash('sha256').update(bytes).digest('hex');

const told = (mailbox) => ({
  ...mailbox,
  send: (frame) => {
    mailbox.send(frame);
    report('sent', { type: frame.type });
  },
});

const open = async (side) => told(await mailboxTransport(`${relay}/ws`, { room, side }));

async function sender() {
  const keys = await senderKeys();
  report('ready');
  await commanded('join');
  const { sas, recipient } = await authenticateSender(await open('A'), session, keys);
  report('done', { sas, mine: fingerprint(keys.verificationKey), theirs: fingerprint(recipient) });
}

async function receiver() {
  const keys = await receiverKeys();
  report('ready');
  await commanded('join');
  const { sas, spki } = await authenticateReceiver(await open('B'), session, keys);
  report('done', { sas, mine: fingerprint(keys.publicKey), theirs: fingerprint(spki) });
}

const run = { sender, receiver }[role];
run().catch((error) => report('failed', { reason: String(error?.stack ?? error) }));
