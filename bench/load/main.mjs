// The load generator: a process of its own that does what the bench asks over IPC, the same for every subject.
import { mintAndRedeem } from './codes.mjs';
import { mail } from './mail.mjs';
import { disperse, gather, join } from './crowd.mjs';
import { closeRooms, openLoners, openRooms } from './peers.mjs';
import { openListeners, openVoices, speak } from './voice.mjs';
import { relay } from './relay.mjs';

let rooms = [];

const COMMANDS = {
  async open(options) {
    rooms = rooms.concat(await openRooms(options));
  },
  async openLoners(options) {
    rooms = rooms.concat(await openLoners(options));
  },
  relay: (options) => relay(rooms, options),
  mail: (options) => mail(rooms, options),
  gather,
  join,
  disperse,
  codes: mintAndRedeem,
  openVoices,
  openListeners,
  speak,
  close() {
    closeRooms(rooms);
    rooms = [];
  },
};

process.on('message', async ({ command, options }) => {
  try {
    process.send({ result: await COMMANDS[command](options) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.channel.ref();
