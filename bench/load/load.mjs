// The bench's side of the load generator: one request at a time, and what did not arrive is an error.
import { startChild, stopChild } from '../servers/children.mjs';

const REPLY_MS = 60_000;

/** @param name the subject it loads, for its errors */
export function startLoad(name) {
  const child = startChild('bench/load/main.mjs', 'load');
  let settle = () => {};
  child.on('message', (reply) => settle(reply));
  child.on('exit', () => settle({ error: `ended early: ${child.output}` }));

  async function ask(command, options) {
    const reply = await new Promise((resolve) => {
      const timer = setTimeout(() => settle({ error: 'no reply' }), REPLY_MS);
      settle = (value) => {
        clearTimeout(timer);
        resolve(value);
      };
      child.send({ command, options });
    });
    if (reply.error) throw new Error(`${name}, ${command}: ${reply.error}`);
    const { sent, arrived } = reply.result ?? {};
    if (sent !== arrived) throw new Error(`${name}, ${command}: ${arrived} of ${sent} arrived`);
    return reply.result;
  }

  return {
    open: ({ protocol, port, otherPort }, count) => ask('open', { protocol, port, otherPort, count }),
    mail: (options) => ask('mail', options),
    openLoners: ({ protocol, port }, count) => ask('openLoners', { protocol, port, count }),
    relay: (options) => ask('relay', options),
    gather: ({ port }, rooms, size) => ask('gather', { port, rooms, size }),
    join: () => ask('join'),
    disperse: () => ask('disperse'),
    codes: ({ port }, pairs) => ask('codes', { port, pairs }),
    openVoices: ({ port }, listeners) => ask('openVoices', { port, listeners }),
    openListeners: ({ port }, count, from) => ask('openListeners', { port, count, from }),
    speak: (options) => ask('speak', options),
    close: () => ask('close'),
    stop: () => stopChild(child),
  };
}
