/**
 * The browser's side of a mounted page: the socket in the session's hand, the document in the light DOM, events up in
 * order, frames applied by the applier that browsers run. What the user does to controls is no patch and is not recorded.
 */
import { encodeEvent, encodeJoin, encodeNav, decodeServer, PROTOCOL_VERSION, type NavMode, type ServerMessage } from "@vango/core/protocol";
import { ownerOf } from "@vango/core/protocol";
import type { LightElement, Mirror } from "@vango/core/testing";
import type { Clock, Connection, LiveSocket, SessionPort } from "../session-port.js";
import type { SendResult } from "../transport/transport.js";
import { Dispatcher } from "./dispatch.js";

/** What the page heard of an error. */
export interface HeardError {
  readonly code: string;
  readonly message: string;
}

export class TestClient implements LiveSocket {
  readonly errors: HeardError[] = [];
  readonly frames: Uint8Array[] = [];
  readonly dispatcher: Dispatcher;
  closed = false;
  #welcome: ((joined: boolean) => void) | undefined;
  #sent = 0;
  #epoch = 0;

  constructor(
    readonly data: Connection,
    readonly mirror: Mirror,
    readonly sessions: SessionPort,
    clock: Clock,
  ) {
    this.dispatcher = new Dispatcher(clock, (el, slot, payload) => this.#event(el, slot, payload));
  }

  /** Joins; false when the server refuses. */
  join(boot: string, url: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#welcome = resolve;
      this.sessions.open(this);
      if (!this.closed) this.sessions.message(this, encodeJoin({ v: PROTOCOL_VERSION, boot, tab: "test", nonce: "test", url }));
    });
  }

  navigate(href: string, mode: NavMode): void {
    this.dispatcher.flush();
    this.#up(encodeNav(++this.#sent, this.mirror.seq, this.#epoch, href, mode));
  }

  /** Changes the document as a user does: not a patch. */
  byUser(change: () => void): void {
    const { doc } = this.mirror;
    const log = doc.mutations;
    doc.mutations = undefined;
    try {
      change();
    } finally {
      doc.mutations = log;
    }
  }

  #event(el: LightElement, slot: number, payload: object | undefined): void {
    const inst = el.isConnected ? ownerOf(el) : undefined;
    if (inst === undefined) this.errors.push({ code: "VANGO_EVENT_GONE", message: "An event did not run: its element had left the page." });
    else this.#up(encodeEvent(++this.#sent, this.mirror.seq, this.#epoch, inst.id, slot, payload));
  }

  #up(bytes: Uint8Array): void {
    if (!this.closed) this.sessions.message(this, bytes);
  }

  #receive(bytes: Uint8Array): void {
    const message: ServerMessage = decodeServer(bytes);
    switch (message.kind) {
      case 1:
        this.#epoch = message.body.epoch;
        this.#joined(true);
        break;
      case 2:
        this.frames.push(bytes);
        this.mirror.apply(bytes);
        break;
      case 5:
        this.errors.push({ code: message.body.code, message: message.body.message });
        break;
      case 6:
        this.errors.push({ code: message.body.code, message: message.body.reason });
    }
  }

  #joined(yes: boolean): void {
    this.#welcome?.(yes);
    this.#welcome = undefined;
  }

  // ---- the socket that the session holds

  send(bytes: Uint8Array): SendResult {
    if (this.closed) return "dropped";
    this.#receive(bytes.slice());
    return "sent";
  }

  buffered(): number {
    return 0;
  }

  close(code = 1000): void {
    if (this.closed) return;
    this.closed = true;
    this.sessions.closed(this, code);
    this.#joined(false);
  }

  cork(fn: () => void): void {
    fn();
  }
}
