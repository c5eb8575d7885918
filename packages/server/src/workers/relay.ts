/**
 * The relay of one client's socket to the process that holds its session. First the owner is asked; what the client sends
 * meanwhile waits. If the owner does not have the session, or does not answer in time, the socket is handed back, with what
 * waited, and this process goes on by the store. Afterwards every message passes unread.
 */
import type { LiveSocket } from "../session-port.js";
import { LinkError, LinkKind } from "./link-frame.js";
import type { Channel, OutLink } from "./out-link.js";
import { closeBody, readClose, TAKEN_STEP } from "./relayed-socket.js";

/** The owner's process is gone, or too busy: the client comes back and finds another. */
const RESTART = 1012;
const TRY_LATER = 1013;

/** What a relay needs of those who made it. */
export interface RelayOwner {
  /** Bytes of messages that may wait for an owner. */
  readonly waitingBytes: number;
  /** Takes the socket back, with the messages that waited. */
  local(relay: Relay, waited: readonly Uint8Array[]): void;
  /** The relay has ended. */
  ended(relay: Relay): void;
}

export class Relay implements Channel {
  /** Messages that wait for the owner's answer; undefined once it has come. */
  #waiting: Uint8Array[] | undefined;
  #waitingBytes: number;
  #to: OutLink | undefined = undefined;
  #channel = 0;
  #timer: NodeJS.Timeout | undefined = undefined;
  #ended = false;
  /** Bytes given to the client's socket, and those of them that the owner knows to have left. */
  #given = 0;
  #reported = 0;

  /** @param first The message that named the session. */
  constructor(
    readonly socket: LiveSocket,
    private readonly by: RelayOwner,
    first: Uint8Array,
  ) {
    this.#waiting = [Buffer.from(first)];
    this.#waitingBytes = first.length;
  }

  /** Asks the owner; undefined is an owner that is gone. `ms` is the time it has. */
  ask(to: OutLink | undefined, about: Uint8Array | string, ms: number): void {
    if (this.#ended) return;
    if (to?.link.open !== true) return this.#giveBack();
    this.#to = to;
    this.#channel = to.open(this);
    this.#timer = setTimeout(() => this.#giveBack(), ms);
    to.link.send(LinkKind.OPEN, this.#channel, about);
  }

  // ---- the client's side

  message(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#waiting !== undefined) {
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes > this.by.waitingBytes) this.socket.close(TRY_LATER, "too much before the session was found");
      else this.#waiting.push(Buffer.from(bytes));
    } else if (this.#to !== undefined) {
      if (this.#to.link.waiting > this.by.waitingBytes) this.socket.close(TRY_LATER, "the session's process does not answer");
      else this.#to.link.send(LinkKind.MESSAGE, this.#channel, bytes);
    }
  }

  drained(): void {
    this.#report(this.socket.buffered() === 0 ? 1 : TAKEN_STEP);
  }

  closed(code: number): void {
    if (this.#ended) return;
    this.#to?.link.send(LinkKind.CLOSE, this.#channel, closeBody(code, ""));
    this.#end();
  }

  // ---- the owner's side

  frame(kind: number, body: Buffer): void {
    switch (kind) {
      case LinkKind.ACCEPT:
        clearTimeout(this.#timer);
        for (const message of this.#waiting ?? []) this.#to?.link.send(LinkKind.MESSAGE, this.#channel, message);
        this.#waiting = undefined;
        break;
      case LinkKind.ABSENT:
        this.#giveBack();
        break;
      case LinkKind.MESSAGE:
        this.#given += body.length;
        if (this.socket.send(body) === "dropped") this.socket.close(TRY_LATER, "too slow");
        this.#report(TAKEN_STEP);
        break;
      case LinkKind.CLOSE: {
        const { code, reason } = readClose(body);
        this.#end();
        this.socket.close(code, reason);
        break;
      }
      default:
        throw new LinkError(`a frame of kind ${kind} on a relay`);
    }
  }

  lost(): void {
    if (this.#waiting !== undefined) return this.#giveBack();
    this.#end();
    this.socket.close(RESTART, "the session's process is gone");
  }

  /** Tells the owner what has left, if it is so much. */
  #report(least: number): void {
    const left = this.#given - this.#reported - this.socket.buffered();
    if (left < least || this.#ended) return;
    this.#reported += left;
    const body = Buffer.allocUnsafe(4);
    body.writeUInt32LE(left);
    this.#to?.link.send(LinkKind.TAKEN, this.#channel, body);
  }

  #giveBack(): void {
    const waited = this.#waiting;
    if (this.#ended || waited === undefined) return;
    // An owner that was only slow must not take it for its client.
    this.#to?.link.send(LinkKind.CLOSE, this.#channel, closeBody(RESTART, ""));
    this.#end();
    this.by.local(this, waited);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    this.#to?.release(this.#channel);
    this.by.ended(this);
  }
}
