// The load generator: a process of its own that does what the bench asks over IPC, the same for every subject.
import { mintAndRedeem } from './codes.mjs';
import { closeRooms, openRooms } from './peers.mjs';
import { relay } from './relay.mjs';

let rooms = [];

const COMMANDS = {
  async open(options) {
    const opened = await openRooms(options);
    rooms = rooms.concat(opened);
    return { sent: options.count, arrived: opened.length };
  },
  relay: (options) => relay(rooms, options),
  codes: mintAndRedeem,
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
