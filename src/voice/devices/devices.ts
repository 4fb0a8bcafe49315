import { Injectable } from '@nestjs/common';
import type { Owner } from '../media/contract.js';
import { speakerKey } from '../media/tap.js';
import { NodesLink } from '../nodes/nodes-link.js';
import { isLater, Stamps } from '../nodes/stamps.js';
import { type Device, DEVICES_SUBJECT, encodeDevices, parseDevices } from './devices.frames.js';

interface Kept {
  device: Device;
  key: string;
  connected: boolean;
}

/**
 * Sees to it that a user's client has media on one node only: where its last offer that led to a connection came. A node
 * tells the others once the media is connected, not before: an offer that comes to nothing costs nobody the connection
 * it has. Who hears of an earlier one than its own says so again: nodes that could not reach each other come to agree.
 * On one node the media process itself sees to it, and sooner: when it accepts the offer.
 */
@Injectable()
export class Devices {
  /** Called with the peer that a later connection on another node replaces. */
  onReplaced: (peer: string) => void = () => undefined;
  /** Those of this node, by the id of their peer. */
  private readonly own = new Map<string, Kept>();

  constructor(
    private readonly nodes: NodesLink,
    private readonly stamps: Stamps,
  ) {
    nodes.subscribe(DEVICES_SUBJECT, (message) => this.heard(parseDevices(message.string())));
    nodes.onUp(() => this.tell([...this.own.values()].filter(({ connected }) => connected)));
  }

  get size(): number {
    return this.own.size;
  }

  offered(peer: string, { user, client }: Owner): void {
    const { node } = this.stamps;
    const device = { user, client, stamp: this.stamps.next(), node };
    this.own.set(peer, { device, key: speakerKey(device), connected: false });
  }

  connected(peer: string): void {
    const kept = this.own.get(peer);
    if (!kept) return; // replaced by then
    kept.connected = true;
    this.tell([kept]);
  }

  ended(peer: string): void {
    this.own.delete(peer);
  }

  /** The media process has died, and all of them with it. */
  clear(): void {
    this.own.clear();
  }

  private heard(devices: readonly Device[]): void {
    const others = new Map(devices.map((device) => [speakerKey(device), device]));
    const later: Kept[] = [];
    for (const { stamp } of devices) this.stamps.heard(stamp);
    for (const [peer, kept] of this.own) {
      const other = others.get(kept.key);
      if (!other) continue;
      if (isLater(other, kept.device)) {
        this.own.delete(peer);
        this.onReplaced(peer);
      } else if (kept.connected) {
        later.push(kept);
      }
    }
    this.tell(later);
  }

  private tell(kept: readonly Kept[]): void {
    for (const page of encodeDevices(kept.map(({ device }) => device))) this.nodes.publish(DEVICES_SUBJECT, page);
  }
}
