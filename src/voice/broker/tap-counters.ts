/** What the tap counts, by name, with the help of the metric `signalbox_voice_<name>_total`. */
export const TAP_COUNTERS = {
  bites: 'Packets written to NATS as bites, to both subjects; NATS that dies may lose some of the last',
  bites_dropped: 'Packets that had to go before they were written to NATS, as too many waited',
  node_packets_sent: 'Packets of clients of this node that were sent to other nodes',
  node_packets_received: 'Packets that came from other nodes',
  node_packets_late: 'Packets that waited for NATS until they were too old for other nodes',
  node_messages_bad: 'Messages from other nodes that could not be used',
  nats_connections: 'Connections to NATS that the media process has made',
} as const;

export type TapCounter = keyof typeof TAP_COUNTERS;
