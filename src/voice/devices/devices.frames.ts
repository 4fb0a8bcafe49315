import type { Owner } from '../media/contract.js';
import { inPages } from '../nodes/pages.js';
import type { Stamped } from '../nodes/stamps.js';

/** Every node tells the others here: `{"devices":[{"user","client","stamp","node"}…]}`. */
export const DEVICES_SUBJECT = 'signalbox.voice.devices';

/** A client with media on a node, and when its offer came there. */
export type Device = Owner & Stamped;

export function* encodeDevices(devices: Iterable<Device>): Generator<string> {
  for (const page of inPages(devices)) yield JSON.stringify({ devices: page });
}

/** @throws Error for anything else than {@link encodeDevices} makes. */
export function parseDevices(text: string): Device[] {
  const { devices } = JSON.parse(text) as { devices?: unknown };
  if (!Array.isArray(devices) || !devices.every(isDevice)) throw new Error('no list of devices');
  return devices;
}

function isDevice(value: unknown): value is Device {
  const { user, client, stamp, node } = (value ?? {}) as Partial<Record<keyof Device, unknown>>;
  return [user, client, node].every((id) => typeof id === 'string' && id !== '') && Number.isFinite(stamp);
}
