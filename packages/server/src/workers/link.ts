/**
 * One connection between two processes of an app. What is sent in one turn of the event loop leaves in one write, copied
 * once; what comes in is delivered as whole frames. `onClose` is called once, after the last frame.
 */
import type { Socket } from "node:net";
import { HEAD_BYTES, LinkReader, writeHead, type OnFrame } from "./link-frame.js";

/** Frames are gathered in blocks of this size; larger ones are written alone. */
const BLOCK = 32 * 1024;

export interface LinkBounds {
  /** Largest body of a frame. */
  readonly maxBody: number;
  /** Bytes that may wait for a peer that does not read; above it the link ends. */
  readonly maxWaiting: number;
}

export class Link {
  /** Name of the process at the other end, once it has said it. */
  peer = "";
  onFrame: OnFrame = () => undefined;
  onClose: () => void = () => undefined;
  readonly #reader: LinkReader;
  #block: Buffer | undefined = undefined;
  #from = 0;
  #to = 0;
  #scheduled = false;
  #open = true;
  #maxWaiting = BLOCK;

  constructor(
    private readonly socket: Socket,
    maxBody: number,
  ) {
    this.#reader = new LinkReader(maxBody, (kind, channel, body) => this.onFrame(kind, channel, body));
    socket.on("data", (chunk: Buffer) => {
      try {
        this.#reader.push(chunk);
      } catch {
        // A frame too long, or a handler that cannot read what it got: the peer is not ours, or not whole.
        this.destroy();
      }
    });
    socket.on("error", () => undefined); // a close follows
    socket.on("end", () => this.destroy());
    socket.on("close", () => this.#closed());
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes the other process has not taken yet. */
  get waiting(): number {
    return this.socket.writableLength + this.#to - this.#from;
  }

  /** The peer is who it should be: from now on its frames, and ours, may be so long. */
  trust(peer: string, { maxBody, maxWaiting }: LinkBounds): void {
    this.peer = peer;
    this.#reader.maxBody = maxBody;
    this.#maxWaiting = maxWaiting;
  }

  /** `body` may be reused as soon as this returns. */
  send(kind: number, channel: number, body: Uint8Array | string = ""): void {
    if (!this.#open) return;
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const block = this.#room(HEAD_BYTES + length);
    writeHead(block, this.#to, kind, channel, length);
    const at = this.#to + HEAD_BYTES;
    if (typeof body === "string") block.write(body, at);
    else block.set(body, at);
    this.#to = at + length;
    if (this.waiting > this.#maxWaiting) return this.destroy();
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#flush());
  }

  /** Frames that arrive from now on are lost; those sent before may be, too. */
  destroy(): void {
    this.#reader.stop();
    this.socket.destroy();
    this.#closed();
  }

  /** Ends after what was sent has left. */
  end(): void {
    this.#flush();
    this.socket.end();
  }

  /** Keeps the process alive no longer on its own. */
  unref(): void {
    this.socket.unref();
  }

  #room(bytes: number): Buffer {
    if (this.#block !== undefined && this.#block.length - this.#to >= bytes) return this.#block;
    this.#flush();
    this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK, bytes));
    this.#from = 0;
    this.#to = 0;
    return this.#block;
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#block === undefined || this.#to === this.#from) return;
    const bytes = this.#block.subarray(this.#from, this.#to);
    this.#from = this.#to;
    // An idle link keeps no block that is nearly used up or was made for one large frame.
    if (this.#block.length - this.#to < BLOCK / 2 || this.#block.length > BLOCK) {
      this.#block = undefined;
      this.#from = 0;
      this.#to = 0;
    }
    if (this.#open) this.socket.write(bytes);
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#block = undefined;
    this.onClose();
  }
}
