/**
 * WebSocket origins of the nodes that a scenario's peers connect to; the same one twice where there is one. Asked for
 * within a test, when they have started.
 */
export type Nodes = () => readonly [string, string];
