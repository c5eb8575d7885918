// Messages from client to server, as the client writes them. decode-client.ts is the other side and is strict.
import { pushPayload } from "./payload.js";

/** What JOIN carries. Members beyond these are kept: resume adds its own. */
export interface JoinBody {
  /** Protocol version. */
  readonly v: number;
  /** The boot blob's text, as it stood in the document. */
  readonly boot: string;
  /** The tab's id; empty when it has none yet. */
  readonly tab: string;
  /** Nonce of the document. */
  readonly nonce: string;
  /** Path and query in the address bar now. */
  readonly url: string;
  readonly [key: string]: unknown;
}

/** How a navigation began; `pop` is back or forward. */
export type NavMode = "push" | "pop" | "replace";

function pushVarint(out: number[], n: number): void {
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
}

const message = (out: number[], payload?: unknown): Uint8Array => {
  if (payload !== undefined) pushPayload(out, payload);
  return Uint8Array.from(out);
};

export const encodeJoin = (body: JoinBody): Uint8Array => message([1], body);

/** `seq` and `ack` are full numbers; their low byte is sent. Without a payload nothing is sent for it. */
export function encodeEvent(seq: number, ack: number, epoch: number, instance: number, slot: number, payload?: unknown): Uint8Array {
  const out = [2, seq & 255, ack & 255];
  for (const n of [epoch, instance, slot]) pushVarint(out, n);
  return message(out, payload);
}

export const encodeAck = (ack: number): Uint8Array => message([3, ack & 255]);

export const encodePing = (payload?: unknown): Uint8Array => message([4], payload);

export function encodeNav(seq: number, ack: number, epoch: number, href: string, mode: NavMode): Uint8Array {
  const out = [5, seq & 255, ack & 255];
  pushVarint(out, epoch);
  return message(out, [href, mode]);
}
