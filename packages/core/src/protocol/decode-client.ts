// Messages from client to server, as the server reads them. Every byte is hostile until it has passed here: size, kind,
// varints, payload and shape are checked; what comes out is typed. A refusal is a WireError, never anything else.
import type { JoinBody, NavMode } from "./client-messages.js";
import { decodePayload } from "./decode-payload.js";
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
export type ClientMessage = JoinMessage | EventMessage | AckMessage | PingMessage | NavMessage;

const STRINGS = ["boot", "tab", "nonce", "url"] as const;

function isJoin(body: unknown): body is JoinBody {
  if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof Uint8Array) return false;
  const map = body as Record<string, unknown>;
  return Number.isSafeInteger(map["v"]) && STRINGS.every((key) => typeof map[key] === "string");
}

const isMode = (mode: unknown): mode is NavMode => mode === "push" || mode === "pop" || mode === "replace";

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
      if (at < bytes.length) fail("VANGO_WIRE_TRAILING", at);
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
      const body = payload();
      return isJoin(body) ? { kind, body } : fail("VANGO_WIRE_SHAPE", "JOIN");
    }
    default:
      return fail("VANGO_WIRE_KIND", kind);
  }
}
