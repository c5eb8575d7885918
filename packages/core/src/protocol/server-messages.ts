// Messages from server to client but PATCH, as the server writes them (FrameWriter writes PATCH).
import { ServerKind } from "./kinds.js";
import { pushPayload } from "./payload.js";

/** What became of the document: see docs/architecture.md §3, Resume. */
export type WelcomeHow = "new" | "reconciled" | "restored" | "fresh";

export interface WelcomeBody {
  readonly sid: string;
  readonly epoch: number;
  readonly how: WelcomeHow;
  /** A frame follows that brings the DOM to the server's state. */
  readonly sync?: boolean;
  /** Number of the last frame, absent 0: frames go on from it. */
  readonly seq?: number;
  /** Number of the last event received in this epoch, absent 0. */
  readonly received?: number;
  /** New epoch: events of the former one up to this number were applied. */
  readonly applied?: number;
  /** Build, and fingerprint of the persisted schema, of the process that answers: where the page's boot blob names another. */
  readonly build?: string;
  readonly schema?: string;
}
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  /** Number of the event that failed, when it was one. */
  readonly seq?: number;
  /** All events from this number to `seq` did. */
  readonly first?: number;
}
export interface RefuseBody {
  readonly code: string;
  readonly reason: string;
  /** When to try again, in ms; absent or negative: never. */
  readonly retry?: number;
  /** The page is of no use any more: it is loaded again, once. */
  readonly reload?: boolean;
}

const message = (kind: number, body: unknown): Uint8Array => {
  const out = [kind];
  if (body !== undefined) pushPayload(out, body);
  return Uint8Array.from(out);
};

export const encodeWelcome = (body: WelcomeBody): Uint8Array => message(ServerKind.WELCOME, body);
/** `ack` is a full number; its low byte is sent. */
export const encodeServerAck = (ack: number): Uint8Array => Uint8Array.of(ServerKind.ACK, ack & 255);
/** Echoes the payload of a PING. */
export const encodePong = (payload: unknown): Uint8Array => message(ServerKind.PONG, payload);
export const encodeError = (body: ErrorBody): Uint8Array => message(ServerKind.ERROR, body);
export const encodeRefuse = (body: RefuseBody): Uint8Array => message(ServerKind.REFUSE, body);

function pushVarint(out: number[], n: number): void {
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
}

/**
 * Answers RESUME: `received` is the full number of the last event received, `last` that of the last frame; the missing ones
 * follow, and until then the page is not in step.
 */
export function encodeResumed(received: number, last: number): Uint8Array {
  const out: number[] = [ServerKind.RESUMED];
  pushVarint(out, received);
  pushVarint(out, last);
  return Uint8Array.from(out);
}

/** Asks the client to describe itself by a JOIN with `now`. */
export const encodeAgain = (): Uint8Array => Uint8Array.of(ServerKind.AGAIN);

/** Answers KEYS. `runs`: first, count, first, count …; `hashes`: one for each id, in order, 0 = no key. */
export function encodeKeyHashes(runs: readonly number[], hashes: ArrayLike<number>): Uint8Array {
  const out: number[] = [ServerKind.KEYS];
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const count = runs[i + 1] as number;
    pushVarint(out, runs[i] as number);
    pushVarint(out, count);
    for (const end = at + count; at < end; at++) {
      const hash = hashes[at] as number;
      out.push(hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, hash >>> 24);
    }
  }
  return Uint8Array.from(out);
}
