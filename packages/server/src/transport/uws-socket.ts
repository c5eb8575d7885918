/**
 * A uWebSockets.js socket behind the port. Owns the guard that makes every call safe after the close: the native
 * handle throws once it is gone. Small messages wait for the end of the event loop's iteration, while the client keeps up.
 */
import type { WebSocket } from "uWebSockets.js";
import { SendBatch, type BatchTarget } from "./send-batch.js";
import type { SendResult, Socket } from "./transport.js";

/** What uWS keeps per socket; the native side copies the keys, so there is exactly one. */
export interface UwsUserData<D> {
  readonly socket: UwsSocket<D>;
}

const TRY_LATER = 1013;

/** Of all sockets of the process: the native side has one loop a thread. */
const batch = new SendBatch();

export class UwsSocket<D> implements Socket<D>, BatchTarget {
  /** Set by open, cleared by close. */
  handle: WebSocket<UwsUserData<D>> | undefined = undefined;
  /** The kernel has not taken all: what comes next is told so. */
  #behind = false;

  constructor(readonly data: D) {}

  send(bytes: Uint8Array): SendResult {
    if (this.handle === undefined) return "dropped";
    if (!this.#behind && batch.add(this, bytes)) return "sent";
    batch.flush();
    return this.#hand(bytes);
  }

  /** Out of the batch. Its sender was told that it is sent, so it is, or the socket ends. */
  write(bytes: Uint8Array): void {
    if (this.handle !== undefined && this.#hand(bytes) === "dropped") this.close(TRY_LATER, "too slow");
  }

  #hand(bytes: Uint8Array): SendResult {
    if (this.handle === undefined) return "dropped";
    const result = this.handle.send(bytes, true, false);
    this.#behind = result !== 1;
    return result === 1 ? "sent" : result === 0 ? "buffered" : "dropped";
  }

  buffered(): number {
    batch.flush();
    return this.handle === undefined ? 0 : this.handle.getBufferedAmount();
  }

  close(code = 1000, reason = ""): void {
    if (this.handle === undefined) return;
    batch.flush();
    this.handle?.end(code, reason);
  }

  cork(fn: () => void): void {
    if (this.handle === undefined) fn();
    else this.handle.cork(fn);
  }
}
