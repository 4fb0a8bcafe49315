// What every client script shares: parameters by argv, commands and reports by IPC (test/support/child.ts).

export const parameters = JSON.parse(process.argv[2] ?? '{}');

export function report(event, members = {}) {
  if (process.connected) process.send({ event, ...members });
}

/** `handlers[command.do](command)`; whatever a handler throws is reported, never lost. */
export function obey(handlers) {
  process.on('message', async (command) => {
    try {
      await handlers[command.do](command);
    } catch (error) {
      report('failed', { command: command.do, reason: String(error?.stack ?? error) });
    }
  });
}

/** Resolves with the first command of this name. */
export function commanded(name) {
  return new Promise((resolve) => {
    process.on('message', (command) => command.do === name && resolve(command));
  });
}

// No orphans, and no exit handlers: the WebRTC add-on crashes in its own.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
