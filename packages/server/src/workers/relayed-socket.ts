/**
 * The client's socket as the owner of its session sees it, when another process holds the real one. Behaves like a socket
 * of this process: `buffered()` counts what has not left for the client yet, wherever it waits; `drained` follows
 * "buffered"; the close is reported once. The other process says what has left in steps of {@link TAKEN_STEP} bytes, so up
 * to so many are counted though they are gone.
 */
import type { Connection, LiveSocket } from "../session-port.js";
import type { SendResult } from "../transport/transport.js";
import { LinkKind } from "./link-frame.js";
import type { Link } from "./link.js";

export const TAKEN_STEP = 16 * 1024;
/** Above this the client counts as behind: four steps. */
const BEHIND = 4 * TAKEN_STEP;
/** A reason of a close is at most so long. */
const REASON_BYTES = 123;

export class RelayedSocket implements LiveSocket {
  #waiting = 0;
  #behind = false;
  #open = true;

  constructor(
    readonly data: Connection,
    private readonly link: Link,
    private readonly channel: number,
    /** Bytes waiting above which a message is not accepted. */
    private readonly dropBytes: number,
    /** Tells the sessions of the end, once. */
    private readonly ended: (socket: RelayedSocket, code: number) => void,
  ) {}

  send(bytes: Uint8Array): SendResult {
    if (!this.#open || this.#waiting > this.dropBytes) return "dropped";
    this.#waiting += bytes.length;
    this.link.send(LinkKind.MESSAGE, this.channel, bytes);
    if (this.#waiting <= BEHIND) return "sent";
    this.#behind = true;
    return "buffered";
  }

  buffered(): number {
    return this.#open ? this.#waiting : 0;
  }

  close(code = 1000, reason = ""): void {
    if (!this.#open) return;
    this.link.send(LinkKind.CLOSE, this.channel, closeBody(code, reason));
    this.end(code);
  }

  cork(fn: () => void): void {
    fn(); // the link gathers what one turn sends
  }

  /** So many bytes have left for the client. True when it was behind and no longer is. */
  taken(bytes: number): boolean {
    this.#waiting = Math.max(0, this.#waiting - bytes);
    if (!this.#behind || this.#waiting >= TAKEN_STEP) return false;
    this.#behind = false;
    return true;
  }

  /** The client's socket is closed, or its process gone. */
  end(code: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.ended(this, code);
  }
}

export function closeBody(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, REASON_BYTES);
  const out = Buffer.allocUnsafe(2 + text.length);
  out.writeUInt16LE(code);
  text.copy(out, 2);
  return out;
}

/** Reads what {@link closeBody} wrote. */
export function readClose(body: Buffer): { readonly code: number; readonly reason: string } {
  return { code: body.readUInt16LE(0), reason: body.toString("utf8", 2) };
}
