// A tab of the fairness figures: joins, clicks, hears. Its frames are acknowledged by the next click, or by their number.
import { decodeServer, encodeAck, encodeEvent, ServerKind } from "@vango/core/protocol";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Opening } from "../lib/script.js";

const ACK_FRAMES = 32;

export interface TabOptions {
  readonly port: number;
  readonly opening: Opening;
  readonly instance: number;
  readonly slot: number;
  /** A patch came, or an error that answers an event. */
  readonly onAnswer?: () => void;
  readonly onClose?: () => void;
}

export class LoadTab {
  readonly #ws: WebSocket;
  #seq = 0;
  #ack = 0;
  #unacknowledged = 0;
  #epoch = 0;
  readonly joined: Promise<void>;

  constructor(readonly o: TabOptions) {
    const { port, opening, onAnswer, onClose } = o;
    this.#ws = new WebSocket(`ws://127.0.0.1:${port}${opening.path}`, { origin: `http://127.0.0.1:${port}`, headers: { ...opening.headers }, perMessageDeflate: false, skipUTF8Validation: true });
    this.#ws.binaryType = "nodebuffer";
    this.joined = new Promise((resolve, reject) => {
      this.#ws.once("open", () => this.#ws.send(opening.join ?? new Uint8Array()));
      this.#ws.on("message", (data: Buffer) => {
        const kind = data[0];
        if (kind === ServerKind.WELCOME) {
          const message = decodeServer(data);
          if (message.kind === ServerKind.WELCOME) this.#epoch = message.body.epoch;
          resolve();
        } else if (kind === ServerKind.PATCH) {
          this.#ack = data[1] as number;
          if (++this.#unacknowledged >= ACK_FRAMES) this.#acknowledge();
          onAnswer?.();
        } else if (kind === ServerKind.ERROR) onAnswer?.();
      });
      this.#ws.on("error", reject);
      this.#ws.once("close", () => {
        reject(new Error("the server closed a connection"));
        onClose?.();
      });
    });
    this.joined.catch(() => undefined);
  }

  click(): void {
    this.#unacknowledged = 0;
    this.#ws.send(encodeEvent(++this.#seq, this.#ack, this.#epoch, this.o.instance, this.o.slot));
  }

  /** Many clicks in few system calls, as they come from another machine. */
  burst(clicks: number, mostUnsent: number): void {
    const socket = (this.#ws as unknown as { readonly _socket: Socket | null })._socket;
    socket?.cork();
    for (let i = 0; i < clicks && this.unsent < mostUnsent; i++) this.click();
    socket?.uncork();
  }

  /** Bytes that this process has not sent yet. */
  get unsent(): number {
    return this.#ws.bufferedAmount;
  }

  /** Stops reading: what the server sends stays in its buffers. */
  stopReading(): void {
    this.#ws.pause();
  }

  close(): void {
    this.#ws.removeAllListeners("close");
    this.#ws.terminate();
  }

  #acknowledge(): void {
    this.#unacknowledged = 0;
    this.#ws.send(encodeAck(this.#ack));
  }
}
