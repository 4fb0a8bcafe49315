/** Frames that go to the other side as they are; the last is of rustytransfer, which connects over Iroh as well. */
export const RELAYED = ['offer', 'answer', 'ice', 'sender_ready', 'iroh_offer'] as const;
export type Relayed = (typeof RELAYED)[number];

/** Longer frames are parsed: for them it costs no more, and a long match could need more stack than there is. */
const MAX_BYTES = 4096;

const TEXT = String.raw`[^"\\\x00-\x1f]*`;
const STRING = String.raw`"${TEXT}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${TEXT})*"`;
const SCALAR = String.raw`(?:${STRING}|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`;
const FLAT_OBJECT = String.raw`\{(?:${STRING}:${SCALAR}(?:,${STRING}:${SCALAR})*)?\}`;

/** A relay frame as JSON.stringify and its like write it, with its type in front. A second `type` would be the one that counts. */
const FRAME = new RegExp(
  String.raw`^\{"type":"(${RELAYED.join('|')})"(?:,(?!"type")"${TEXT}":(?:${SCALAR}|${FLAT_OBJECT}))*\}$`,
);

/**
 * The type of a frame that is passed on as it is, where one look at the text shows that it is JSON (RFC 8259); undefined
 * where it has to be parsed to know. The server needs nothing else of it, and most frames are such.
 * @param text the frame's bytes as Latin-1
 */
export function relayedType(text: string): Relayed | undefined {
  return text.length > MAX_BYTES ? undefined : (FRAME.exec(text)?.[1] as Relayed | undefined);
}
