import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { exposeCounter, exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { TAP_COUNTERS } from './broker/tap-counters.js';
import { MediaService } from './media.service.js';

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
    for (const [name, help] of Object.entries(TAP_COUNTERS)) counter(name, help, () => media.stats.tap[name] ?? 0);
  }
}
