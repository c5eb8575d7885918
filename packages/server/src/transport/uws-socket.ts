/**
 * A uWebSockets.js socket behind the port. Owns the guard that makes every call safe after the close: the native
 * handle throws once it is gone.
 */
import type { WebSocket } from "uWebSockets.js";
import type { SendResult, Socket } from "./transport.js";

/** What uWS keeps per socket; the native side copies the keys, so there is exactly one. */
export interface UwsUserData<D> {
  readonly socket: UwsSocket<D>;
}

export class UwsSocket<D> implements Socket<D> {
  /** Set by open, cleared by close. */
  handle: WebSocket<UwsUserData<D>> | undefined = undefined;

  constructor(readonly data: D) {}

  send(bytes: Uint8Array): SendResult {
    if (this.handle === undefined) return "dropped";
    const result = this.handle.send(bytes, true, false);
    return result === 1 ? "sent" : result === 0 ? "buffered" : "dropped";
  }

  buffered(): number {
    return this.handle === undefined ? 0 : this.handle.getBufferedAmount();
  }

  close(code = 1000, reason = ""): void {
    this.handle?.end(code, reason);
  }

  cork(fn: () => void): void {
    if (this.handle === undefined) fn();
    else this.handle.cork(fn);
  }
}
