// Messages from client to server, as the server reads them. Every byte is hostile until it has passed here: size, kind,
// varints, payload and shape are checked; what comes out is typed. A refusal is a WireError, never anything else.
import type { JoinBody, JoinNow, NavMode } from "./client-messages.js";
import { decodePayload, decodeUtf8 } from "./decode-payload.js";
import { ClientKind } from "./kinds.js";
import { LIMITS } from "./limits.js";
import { fail } from "./wire-error.js";

export interface JoinMessage {
  readonly kind: typeof ClientKind.JOIN;
  readonly body: JoinBody;
}
export interface EventMessage {
  readonly kind: typeof ClientKind.EVENT;
  /** Low byte of the event's number: see `ahead`. */
  readonly seq: number;
  /** Low byte of the last frame received in order: see `acknowledged`. */
  readonly ack: number;
  readonly epoch: number;
  readonly instance: number;
  readonly slot: number;
  /** undefined when the message carries none. */
  readonly payload: unknown;
}
export interface AckMessage {
  readonly kind: typeof ClientKind.ACK;
  readonly ack: number;
}
export interface PingMessage {
  readonly kind: typeof ClientKind.PING;
  readonly payload: unknown;
}
export interface NavMessage {
  readonly kind: typeof ClientKind.NAV;
  readonly seq: number;
  readonly ack: number;
  readonly epoch: number;
  readonly href: string;
  readonly mode: NavMode;
}
export interface ResumeMessage {
  readonly kind: typeof ClientKind.RESUME;
  readonly v: number;
  readonly epoch: number;
  /** Full numbers of the last frame applied and the last event sent. */
  readonly received: number;
  readonly sent: number;
  readonly sid: string;
  readonly nonce: string;
}
export interface KeysMessage {
  readonly kind: typeof ClientKind.KEYS;
  /** Ids wanted: first, count, first, count … */
  readonly runs: readonly number[];
}
export type ClientMessage = JoinMessage | EventMessage | AckMessage | PingMessage | NavMessage | ResumeMessage | KeysMessage;

const NUMBERS = ["epoch", "received", "sent", "tries"] as const;

const isMap = (body: unknown): body is Record<string, unknown> =>
  typeof body === "object" && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array);
const isId = (id: unknown): boolean => typeof id === "string" && id.length <= LIMITS.id;
const isUint = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
const isUints = (list: unknown): boolean => Array.isArray(list) && list.every(isUint);

function isJoin(body: unknown): body is JoinBody {
  if (!isMap(body)) return false;
  const { v, boot, tab, nonce, url, now, left } = body;
  return (
    Number.isSafeInteger(v) && typeof boot === "string" && isId(tab) && isId(nonce) && typeof url === "string" &&
    (now === undefined || isNow(now)) && (left === undefined || isId(left)) &&
    NUMBERS.every((key) => body[key] === undefined || isUint(body[key]))
  );
}

/** Members and their types; parseStructure reads what the numbers mean. */
function isNow(now: unknown): now is JoinNow {
  if (!isMap(now)) return false;
  const { t, s, i, k } = now;
  return (
    Array.isArray(t) && t.length % 2 === 0 && t.every((x) => typeof x === "string") && isUints(s) &&
    (i === undefined || (isUints(i) && (i as unknown[]).length % 2 === 0)) &&
    (k === undefined || isUints(k))
  );
}

const isMode = (mode: unknown): mode is NavMode => mode === "push" || mode === "pop" || mode === "replace";

/** One UTF-16 unit is at most three bytes of UTF-8. */
const MAX_UTF8 = 3;

// The message that is being read and the position in it: module state instead of closures, for this runs once a message.
let input: Uint8Array;
let at = 0;

function u8(): number {
  return at < input.length ? (input[at++] as number) : fail("VANGO_WIRE_TRUNCATED", at);
}

function varint(): number {
  const first = u8();
  if (first < 128) return first;
  let value = first & 127;
  for (let i = 1, scale = 128; i < LIMITS.varint; i++, scale *= 128) {
    const byte = u8();
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
  return fail("VANGO_WIRE_SIZE", "varint");
}

function text(most: number): string {
  const length = varint();
  if (length > most * MAX_UTF8) fail("VANGO_WIRE_SIZE", "text");
  if (length > input.length - at) fail("VANGO_WIRE_TRUNCATED", at);
  const out = decodeUtf8(input.subarray(at, (at += length)));
  return out.length > most ? fail("VANGO_WIRE_SIZE", "text") : out;
}

function end(): void {
  if (at < input.length) fail("VANGO_WIRE_TRAILING", at);
}

function keyRuns(): number[] {
  const runs: number[] = [];
  let ids = 0;
  while (at < input.length) {
    const first = varint();
    const count = varint();
    if (first === 0 || count === 0) fail("VANGO_WIRE_SHAPE", "KEYS");
    if ((ids += count) > LIMITS.keys) fail("VANGO_WIRE_SIZE", "KEYS");
    runs.push(first, count);
  }
  return runs;
}

function payload(): unknown {
  return at < input.length ? decodePayload(input, at) : undefined;
}

/** Decodes one message from a client. @throws WireError */
export function decodeClient(bytes: Uint8Array): ClientMessage {
  const kind = bytes[0];
  if (bytes.length > (kind === ClientKind.JOIN ? LIMITS.joinMessage : LIMITS.messageUp)) fail("VANGO_WIRE_SIZE", bytes.length);
  input = bytes;
  at = 1;
  switch (kind) {
    case ClientKind.EVENT:
      return { kind, seq: u8(), ack: u8(), epoch: varint(), instance: varint(), slot: varint(), payload: payload() };
    case ClientKind.ACK: {
      const ack = u8();
      end();
      return { kind, ack };
    }
    case ClientKind.PING:
      return { kind, payload: payload() };
    case ClientKind.NAV: {
      const seq = u8();
      const ack = u8();
      const epoch = varint();
      const target = payload();
      if (!Array.isArray(target) || target.length !== 2) return fail("VANGO_WIRE_SHAPE", "NAV");
      const [href, mode] = target as unknown[];
      if (typeof href !== "string" || !isMode(mode)) return fail("VANGO_WIRE_SHAPE", "NAV");
      if (href.length > LIMITS.href) fail("VANGO_WIRE_SIZE", "href");
      return { kind, seq, ack, epoch, href, mode };
    }
    case ClientKind.JOIN: {
      const body = at < bytes.length ? decodePayload(bytes, at, bytes.length, LIMITS.joinEntries) : undefined;
      return isJoin(body) ? { kind, body } : fail("VANGO_WIRE_SHAPE", "JOIN");
    }
    case ClientKind.RESUME: {
      const message = { kind, v: varint(), epoch: varint(), received: varint(), sent: varint(), sid: text(LIMITS.id), nonce: text(LIMITS.id) };
      end();
      return message;
    }
    case ClientKind.KEYS:
      return { kind, runs: keyRuns() };
    default:
      return fail("VANGO_WIRE_KIND", kind);
  }
}
