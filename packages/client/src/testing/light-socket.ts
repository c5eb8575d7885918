// WebSocket of the light browser: the members that the runtime uses, over a wire of the network port.
import type { LightNetwork, Wire } from "./ports.js";

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

type Handler<E> = ((event: E) => unknown) | null;

export interface SocketOwner {
  readonly network: LightNetwork;
  readonly sockets: Set<LightSocket>;
  headers(): Readonly<Record<string, string>>;
}

export class LightSocket {
  binaryType = "blob";
  readyState = CONNECTING;
  bufferedAmount = 0;
  onopen: Handler<unknown> = null;
  onmessage: Handler<{ readonly data: ArrayBuffer }> = null;
  onclose: Handler<{ readonly code: number; readonly reason: string }> = null;
  onerror: Handler<unknown> = null;
  readonly #wire: Wire;

  constructor(
    readonly owner: SocketOwner,
    url: string,
  ) {
    owner.sockets.add(this);
    this.#wire = owner.network.connect(url, owner.headers(), {
      open: () => {
        if (this.readyState !== CONNECTING) return;
        this.readyState = OPEN;
        this.onopen?.({});
      },
      message: (bytes) => {
        if (this.readyState === OPEN) this.onmessage?.({ data: bytes.slice().buffer as ArrayBuffer });
      },
      close: (code, reason) => {
        if (this.readyState === CLOSED) return;
        this.#end();
        this.onclose?.({ code, reason });
      },
    });
  }

  send(bytes: Uint8Array): void {
    if (this.readyState === CONNECTING) throw new Error("InvalidStateError: the socket is not open yet");
    if (this.readyState === OPEN) this.#wire.send(bytes.slice());
  }

  close(): void {
    if (this.readyState === CLOSED) return;
    this.#end();
    this.#wire.close();
  }

  #end(): void {
    this.readyState = CLOSED;
    this.owner.sockets.delete(this);
  }
}
