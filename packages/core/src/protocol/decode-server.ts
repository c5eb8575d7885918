// Messages from server to client, as the client reads them. The body of a PATCH is not read here: applyFrame starts at
// PATCH_BODY of the same bytes. The client trusts its server: bodies are decoded strictly but their members not checked.
import { decodePayload } from "./decode-payload.js";
import type { ErrorBody, RefuseBody, WelcomeBody } from "./server-messages.js";
import { MAX_VARINT_BYTES } from "./limits.js";
import { fail } from "./wire-error.js";

const VARINT_END = 128 ** MAX_VARINT_BYTES;

/** Where the body of a PATCH message begins. */
export const PATCH_BODY = 3;

export type ServerMessage =
  | { readonly kind: 1; readonly body: WelcomeBody }
  | { readonly kind: 2; readonly seq: number; readonly ack: number }
  | { readonly kind: 3; readonly ack: number }
  | { readonly kind: 4; readonly body: unknown }
  | { readonly kind: 5; readonly body: ErrorBody }
  | { readonly kind: 6; readonly body: RefuseBody }
  | { readonly kind: 7; readonly received: number; readonly last: number }
  | { readonly kind: 8 }
  | { readonly kind: 9; readonly keys: ReadonlyMap<number, number> };

/** Reads unsigned varints one after the other, beginning at `at`; `u32` reads four bytes, little endian. */
function cursor(bytes: Uint8Array, at: number): { more(): boolean; uint(): number; u32(): number } {
  const u8 = (): number => (at < bytes.length ? bytes[at++]! : fail("VANGO_WIRE_TRUNCATED", at));
  return {
    more: () => at < bytes.length,
    uint() {
      let value = 0;
      for (let scale = 1; scale < VARINT_END; scale *= 128) {
        const byte = u8();
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
      return fail("VANGO_WIRE_SIZE", "varint");
    },
    u32: () => u8() + u8() * 0x100 + u8() * 0x10000 + u8() * 0x1000000,
  };
}

/** What RESUMED carries: the last event received and the last frame. */
export function readResumed(bytes: Uint8Array): { readonly received: number; readonly last: number } {
  const { uint } = cursor(bytes, 1);
  return { received: uint(), last: uint() };
}

/** Calls `each` for every instance of KEYS with the hash of its key, 0 for none. */
export function readKeys(bytes: Uint8Array, each: (id: number, hash: number) => void): void {
  const { more, uint, u32 } = cursor(bytes, 1);
  while (more()) {
    let id = uint();
    for (const end = id + uint(); id < end; id++) each(id, u32());
  }
}

/** Decodes one message from the server. @throws WireError */
export function decodeServer(bytes: Uint8Array): ServerMessage {
  const kind = bytes[0]!;
  const second = bytes[1]!;
  if (kind === 2 && bytes.length > PATCH_BODY) return { kind, seq: second, ack: bytes[2]! };
  if (kind === 3 && bytes.length === 2) return { kind, ack: second };
  if (kind === 4 && bytes.length < 2) return { kind, body: undefined };
  if (kind === 7) return { kind, ...readResumed(bytes) };
  if (kind === 8) return { kind };
  if (kind === 9) {
    const keys = new Map<number, number>();
    readKeys(bytes, (id, hash) => keys.set(id, hash));
    return { kind, keys };
  }
  if (kind === 1 || (kind > 3 && kind < 7)) return { kind, body: decodePayload(bytes, 1) } as ServerMessage;
  return fail("VANGO_WIRE_KIND", kind);
}
