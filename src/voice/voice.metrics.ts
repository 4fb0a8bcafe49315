import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { exposeCounter, exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { MediaService } from './media.service.js';

/** What the media process counts on its way to the broker and to other nodes. */
const TAPPED = {
  bites: 'Packets published to NATS as bites',
  bites_dropped: 'Packets that NATS did not take in time, and that left no bite',
  node_packets_sent: 'Packets published for other nodes',
  node_packets_received: 'Packets received from other nodes',
  node_packets_late: 'Packets that waited too long for NATS to be heard on other nodes',
  node_messages_bad: 'Messages of other nodes that could not be read',
  nats_connections: 'Connections to NATS that were made',
};

/** What the media process counts starts anew with each of its lives, as a counter may. */
@Injectable()
export class VoiceMetrics {
  readonly ended = new Tally({
    name: 'signalbox_voice_ended_total',
    help: 'Peers that ended or were refused, by reason',
    label: 'reason',
    values: ['gone', 'idle', 'replaced', 'stopped', 'bad_offer', 'full', 'failed'],
  });

  constructor(registry: Registry, media: MediaService) {
    this.ended.expose(registry);
    const gauge = (name: string, help: string, read: () => number): void =>
      exposeGauge(registry, `signalbox_voice_${name}`, help, read);
    const counter = (name: string, help: string, read: () => number): void =>
      exposeCounter(registry, `signalbox_voice_${name}_total`, help, read);
    gauge('media_up', 'Whether a media process is running', () => Number(media.running));
    counter('media_deaths', 'Media processes that died', () => media.deaths);
    gauge('peers', 'Clients whose media is up or coming up', () => media.stats.peers);
    gauge('conversations', 'Conversations with a client of this node', () => media.stats.conversations);
    counter('packets_in', 'RTP packets received', () => media.stats.packetsIn);
    counter('packets_out', 'RTP packets sent', () => media.stats.packetsOut);
    counter('bytes_in', 'Bytes of RTP received', () => media.stats.bytesIn);
    counter('bytes_out', 'Bytes of RTP sent', () => media.stats.bytesOut);
    counter('bad_packets', 'Packets that were no usable RTP, RTCP included', () => media.stats.badPackets);
    for (const [name, help] of Object.entries(TAPPED)) counter(name, help, () => media.stats.tap[name] ?? 0);
  }
}
