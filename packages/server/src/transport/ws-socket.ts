/**
 * A `ws` socket behind the port. Copies what it sends (node keeps the buffer until the kernel takes it) and says
 * "buffered" only when node promises a `drain` event. Small messages wait for the end of the event loop's iteration, while the
 * client keeps up.
 */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { SendBatch, type BatchTarget } from "./send-batch.js";
import type { SendResult, Socket } from "./transport.js";

const SEND_BINARY = { binary: true, compress: false } as const;
const OPEN = 1;

/** Of all sockets of the process. */
const batch = new SendBatch();

export class WsSocket<D> implements Socket<D>, BatchTarget {
  /** Cleared by each sweep, set by traffic: see the idle sweep in ws.ts. */
  alive = true;
  /** Messages that came after it was closed. */
  late = 0;

  constructor(
    readonly ws: WebSocket,
    readonly raw: Duplex,
    readonly data: D,
    private readonly maxBackpressure: number,
  ) {}

  send(bytes: Uint8Array): SendResult {
    if (this.ws.readyState !== OPEN || this.ws.bufferedAmount > this.maxBackpressure) return "dropped";
    if (!this.raw.writableNeedDrain && batch.add(this, bytes)) return "sent";
    batch.flush();
    this.write(bytes);
    return this.raw.writableNeedDrain ? "buffered" : "sent";
  }

  /** What node cannot hand on it keeps, so nothing is dropped here. */
  write(bytes: Uint8Array): void {
    if (this.ws.readyState === OPEN) this.ws.send(Buffer.from(bytes), SEND_BINARY);
  }

  buffered(): number {
    batch.flush();
    return this.ws.readyState === OPEN ? this.ws.bufferedAmount : 0;
  }

  close(code = 1000, reason = ""): void {
    if (this.ws.readyState !== OPEN) return;
    batch.flush();
    this.ws.close(code, reason);
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
