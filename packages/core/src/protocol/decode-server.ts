// Messages from server to client, as the client reads them. The body of a PATCH is not read here: applyFrame starts at
// PATCH_BODY of the same bytes. The client trusts its server: bodies are decoded strictly but their members not checked.
import { decodePayload } from "./decode-payload.js";
import type { ErrorBody, RefuseBody, WelcomeBody } from "./server-messages.js";
import { fail } from "./wire-error.js";

/** Where the body of a PATCH message begins. */
export const PATCH_BODY = 3;

export type ServerMessage =
  | { readonly kind: 1; readonly body: WelcomeBody }
  | { readonly kind: 2; readonly seq: number; readonly ack: number }
  | { readonly kind: 3; readonly ack: number }
  | { readonly kind: 4; readonly body: unknown }
  | { readonly kind: 5; readonly body: ErrorBody }
  | { readonly kind: 6; readonly body: RefuseBody };

/** Decodes one message from the server. @throws WireError */
export function decodeServer(bytes: Uint8Array): ServerMessage {
  const kind = bytes[0]!;
  const second = bytes[1]!;
  if (kind === 2 && bytes.length > PATCH_BODY) return { kind, seq: second, ack: bytes[2]! };
  if (kind === 3 && bytes.length === 2) return { kind, ack: second };
  if (kind === 4 && bytes.length < 2) return { kind, body: undefined };
  if (kind === 1 || (kind > 3 && kind < 7)) return { kind, body: decodePayload(bytes, 1) } as ServerMessage;
  return fail("VANGO_WIRE_KIND", kind);
}
