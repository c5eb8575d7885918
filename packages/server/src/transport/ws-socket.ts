/**
 * A `ws` socket behind the port. Copies what it sends (node keeps the buffer until the kernel takes it) and says
 * "buffered" only when node promises a `drain` event.
 */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { SendResult, Socket } from "./transport.js";

const SEND_BINARY = { binary: true, compress: false } as const;
const OPEN = 1;

export class WsSocket<D> implements Socket<D> {
  /** Cleared by each sweep, set by traffic: see the idle sweep in ws.ts. */
  alive = true;

  constructor(
    readonly ws: WebSocket,
    readonly raw: Duplex,
    readonly data: D,
    private readonly maxBackpressure: number,
  ) {}

  send(bytes: Uint8Array): SendResult {
    if (this.ws.readyState !== OPEN || this.ws.bufferedAmount > this.maxBackpressure) return "dropped";
    this.ws.send(Buffer.from(bytes), SEND_BINARY);
    return this.raw.writableNeedDrain ? "buffered" : "sent";
  }

  buffered(): number {
    return this.ws.readyState === OPEN ? this.ws.bufferedAmount : 0;
  }

  close(code = 1000, reason = ""): void {
    if (this.ws.readyState === OPEN) this.ws.close(code, reason);
  }

  cork(fn: () => void): void {
    this.raw.cork();
    try {
      fn();
    } finally {
      this.raw.uncork();
    }
  }
}
