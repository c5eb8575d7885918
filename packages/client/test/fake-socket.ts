// A WebSocket that a test drives by hand. Every instance is recorded; nothing happens by itself.
import { decodeClient, type ClientMessage } from "@vango/core/protocol";

export class FakeSocket {
  static all: FakeSocket[] = [];
  readonly url: string;
  binaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((e: { reason: string }) => void) | null = null;
  closed = false;
  readonly sent: Uint8Array[] = [];

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!;
  }

  send(bytes: Uint8Array): void {
    if (this.closed) throw new Error("send on a closed socket");
    this.sent.push(bytes);
  }

  close(): void {
    this.closed = true;
  }

  /** Everything sent so far, decoded by core's strict decoder; pings left out. */
  messages(): ClientMessage[] {
    return this.sent.map((bytes) => decodeClient(bytes)).filter((message) => message.kind !== 4);
  }

  /** Events sent so far as [instance, slot, payload]. */
  events(): [number, number, unknown][] {
    return this.messages().flatMap((m): [number, number, unknown][] => (m.kind === 2 ? [[m.instance, m.slot, m.payload]] : []));
  }

  /** Opens and lets JOIN, which waits for the second part, go out. */
  async open(): Promise<void> {
    this.onopen?.();
    for (let i = 0; i < 10 && !this.sent.length; i++) await Promise.resolve();
  }

  receive(bytes: Uint8Array): void {
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  /** The other side, or the network, closes. */
  drop(reason = ""): void {
    this.closed = true;
    this.onclose?.({ reason });
  }
}
