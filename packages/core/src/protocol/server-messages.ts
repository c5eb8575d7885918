// Messages from server to client but PATCH, as the server writes them (FrameWriter writes PATCH).
import { ServerKind } from "./kinds.js";
import { pushPayload } from "./payload.js";

/** Members beyond these are kept: resume adds its own. */
export interface WelcomeBody {
  readonly sid: string;
  readonly epoch: number;
  readonly [key: string]: unknown;
}
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  /** Number of the event that failed, when it was one. */
  readonly seq?: number;
}
export interface RefuseBody {
  readonly code: string;
  readonly reason: string;
  /** When to try again, in ms; absent or negative: never. */
  readonly retry?: number;
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
