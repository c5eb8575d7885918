// Messages from client to server, as the client writes them. decode-client.ts is the other side and is strict.
import { pushPayload } from "./payload.js";

/** A live page as its client says it is: see docs/architecture.md §3, Boot blob and Resume. */
export interface JoinNow {
  readonly t: readonly string[];
  readonly s: readonly number[];
  /** Instance ids of all items in preorder, as pairs first, count. Absent: the client has numbered its instances anew. */
  readonly i?: readonly number[];
  /** Key hash of each item in the same order, 0 = unknown; absent when none is known. */
  readonly k?: readonly number[];
}

/** What JOIN carries. */
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
  /** The page as it is now, when it was patched since the GET. */
  readonly now?: JoinNow | undefined;
  /** Of the document's former session: its epoch, full number of the last frame applied, full number of the last event sent. */
  readonly epoch?: number | undefined;
  readonly received?: number | undefined;
  readonly sent?: number | undefined;
  /** Nonce of the document that left in this tab. */
  readonly left?: string | undefined;
  /** How often the client was told to try elsewhere. */
  readonly tries?: number | undefined;
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

function pushText(out: number[], text: string): void {
  const bytes = new TextEncoder().encode(text);
  pushVarint(out, bytes.length);
  out.push(...bytes);
}

/** First message of a socket, instead of JOIN, of a document that was live. `received` and `sent` are full numbers. */
export function encodeResume(v: number, epoch: number, received: number, sent: number, sid: string, nonce: string): Uint8Array {
  const out = [6];
  for (const n of [v, epoch, received, sent]) pushVarint(out, n);
  pushText(out, sid);
  pushText(out, nonce);
  return message(out);
}

/** Asks for the key hashes of instances. `runs`: first, count, first, count …; at most `LIMITS.keys` ids. */
export function encodeKeys(runs: readonly number[]): Uint8Array {
  const out = [7];
  for (const n of runs) pushVarint(out, n);
  return message(out);
}
