// The key agreement of the published clients: noisyauth carries the sender's verification key one way and the
// receiver's HPKE key the other, under a short authentication string which here nobody doubts.
import { importVerifyKey, suite, genRSAPSS } from '@noisytransfer/crypto';
import { createAuthReceiver, createAuthSender } from '@noisytransfer/noisyauth';
import { unb64 } from '@noisytransfer/util';

export const senderKeys = genRSAPSS;

export async function receiverKeys() {
  const { publicKey, privateKey } = await suite.kem.generateKeyPair();
  return { privateKey, publicKey: new Uint8Array(await suite.kem.serializePublicKey(publicKey)) };
}

/** Resolves with the short string and the receiver's HPKE key. */
export async function authenticateSender(tx, session, { verificationKey }) {
  const { sas, msgR } = await settled((hooks) =>
    createAuthSender(tx, hooks, { session, sendMsg: verificationKey, recvMeta: undefined }),
  );
  return { sas, recipient: unb64(msgR) };
}

/** Resolves with the short string and the sender's verification key. */
export async function authenticateReceiver(tx, session, { publicKey }) {
  const { sas, msgS } = await settled((hooks) => createAuthReceiver(tx, hooks, { session, recvMsg: publicKey }));
  return { sas, spki: msgS, verifyKey: await importVerifyKey(msgS) };
}

function settled(start) {
  return new Promise((resolve, reject) => {
    let sas;
    start({
      onSAS: (digits) => (sas = digits),
      waitConfirm: async () => true,
      onDone: (peer) => resolve({ sas, ...peer }),
      onError: reject,
    });
  });
}
