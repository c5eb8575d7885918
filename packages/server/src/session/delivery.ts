/**
 * The numbers between a session and its page, and what is not yet known to have arrived. Frames are counted as they are sent,
 * events as they come; each side acknowledges the other's. Invariants:
 * - an event runs at most once, in the order of its number;
 * - a frame is held until it is acknowledged, so a page that returns gets exactly what it misses;
 * - what cannot be held any more makes the session *behind*: no frames, until the page has described itself (AGAIN, JOIN);
 * - nothing here grows with what a client does or leaves undone: held frames, errors and commands have bounds;
 * - where the app promises that nothing shown can be lost (`before-ack`), nothing passes the gate before the store has it.
 * The steady state (event, frame, event, frame) allocates nothing.
 */
import type { PageCommand } from "@vango/core/internal";
import { acknowledged, ahead, encodeAgain, encodeError, encodeServerAck, type ErrorBody } from "@vango/core/protocol";
import type { Limits } from "../limits.js";
import type { LiveSocket } from "../session-port.js";
import type { SessionState } from "../state/keeper.js";
import type { SendResult } from "../transport/transport.js";
import { CommandQueue } from "./command-queue.js";
import { Refused } from "./rate-refusal.js";
import { dropHeld, heldBytes, heldCount, hold, letGo, NOTHING_HELD, readHeld, type Held } from "./held.js";

/** Errors that are kept until a later frame was acknowledged. */
const MAX_ERRORS = 32;
/** A client that has fallen behind has drained when less than this part of the bound waits. */
const DRAINED = 4;
const TRY_LATER = 1013;

const BEHIND = 1;
const ASKED = 2;
/** The session's, which has no field of its own for it. */
export const PAUSED = 4;

interface HeldError {
  /** Frames sent before it: the acknowledgement of a later one proves that it arrived. */
  readonly after: number;
  readonly bytes: Uint8Array;
}

/** What few sessions have: it lies in one object, so that one without costs one empty field. */
class Unheard {
  errors: HeldError[] | undefined = undefined;
  commands: CommandQueue | undefined = undefined;
  refused: Refused | undefined = undefined;
}

/** What a state that is not in the store yet keeps from the client. */
export type Gate = Pick<SessionState, "holding" | "hold">;

/** What an event's number says. */
export type Admission = "next" | "seen" | "gap";

/** Its methods are private by type: a name with # would cost every session a field, and every call a check. */
export abstract class Delivery {
  socket: LiveSocket | undefined = undefined;
  /** Number of the last frame. */
  sent = 0;
  /** Frames up to this number are not held: acknowledged, or too many. */
  base = 0;
  /** Number of the last event received in order. */
  received = 0;
  /** Number of the last event whose turn has begun, or that was refused. */
  handled = 0;
  /** What is so and what is not, a bit each. */
  protected bits = BEHIND;
  /** Highest acknowledged frame. */
  #acked = 0;
  /** Number of the last event that was acknowledged. */
  #told = 0;
  #held: Held = NOTHING_HELD;
  #unheard: Unheard | undefined = undefined;

  // Asked for, not kept: a field costs every session.
  abstract get limits(): Limits;
  /** There is one under `before-ack`: what it holds waits there, in order. */
  abstract get gate(): Gate | undefined;

  /** Bytes that wait here. */
  get bytes(): number {
    return heldBytes(this.#held) + (this.#unheard?.commands?.bytes ?? 0);
  }

  get held(): number {
    return heldCount(this.#held);
  }

  /** No frames: the page has to describe itself first, as it does when it joins. */
  get behind(): boolean {
    return (this.bits & BEHIND) !== 0;
  }
  set behind(behind: boolean) {
    this.bits = behind ? this.bits | BEHIND : this.bits & ~BEHIND;
  }

  /** Nobody sees what changes before the page has come again. Before it was ever greeted a session is behind too, and has sent nothing. */
  get unseen(): boolean {
    return this.behind && this.sent > 0;
  }

  /** AGAIN was sent, JOIN is awaited. */
  get asked(): boolean {
    return (this.bits & ASKED) !== 0;
  }
  set asked(asked: boolean) {
    this.bits = asked ? this.bits | ASKED : this.bits & ~ASKED;
  }

  private get unheard(): Unheard {
    return (this.#unheard ??= new Unheard());
  }

  // ---- events

  admit(seq: number): Admission {
    const distance = ahead(seq, this.received);
    if (distance > 1) return "gap";
    if (distance < 1) return "seen";
    this.received++;
    return "next";
  }

  /** Tells the page which events have been handled, unless a frame has told it. */
  acknowledge(): void {
    if (this.#told !== this.handled) this.acknowledgeAgain();
  }

  acknowledgeAgain(): void {
    this.#told = this.handled;
    this.say(encodeServerAck(this.handled));
  }

  /** Keeps the error for the page until it has surely arrived. */
  tell(body: ErrorBody, pastGate = false): void {
    this.tellBytes(encodeError(body), pastGate);
  }

  tellBytes(bytes: Uint8Array, pastGate = false): void {
    const errors = (this.unheard.errors ??= []);
    if (errors.length === MAX_ERRORS) errors.shift();
    errors.push({ after: this.sent, bytes });
    if (pastGate) this.socket?.send(bytes);
    else this.say(bytes);
  }

  /** An event was refused that has to be told. False: it is told with those before it. */
  protected addRefused(seq: number, dev: boolean): boolean {
    if (this.#unheard?.refused?.add(seq) === true) return false;
    this.sayRefused();
    this.unheard.refused = new Refused(seq, dev);
    return true;
  }

  /** There are refused events whose page has not been told. */
  protected get refusing(): boolean {
    return this.#unheard?.refused !== undefined;
  }

  /** Before the page hears of any later event. */
  protected sayRefused(): void {
    const unheard = this.#unheard;
    if (unheard?.refused === undefined) return;
    this.tellBytes(unheard.refused.encode());
    unheard.refused = undefined;
  }

  /** Sends what is no frame, in its place among the frames. */
  say(bytes: Uint8Array): void {
    const { socket } = this;
    if (socket !== undefined) this.sendTo(socket, bytes);
  }

  private sendTo(socket: LiveSocket, bytes: Uint8Array): SendResult {
    const { gate } = this;
    if (gate?.holding !== true) return socket.send(bytes);
    const copy = bytes.slice();
    // If the page has another socket by then it is given all that is held.
    gate.hold(() => void (this.socket === socket && this.passed(socket, socket.send(copy))));
    return "sent";
  }

  // ---- frames

  /** Whether the next frame is to be written. A page that leaves too many unacknowledged falls behind here. */
  get open(): boolean {
    if (this.behind) return false;
    if (this.sent - this.#acked < this.limits.heldFrames) return true;
    this.fallBehind();
    return false;
  }

  /** The number of the frame that is written next. Its bytes tell the page which events are handled. */
  next(): number {
    this.#told = this.handled;
    return this.sent + 1;
  }

  /** Sends and holds the frame with the number `next()`. */
  put(frame: Uint8Array): void {
    this.sent++;
    const { socket } = this;
    const held = hold(this.#held, frame, this.limits.heldBytes);
    if (held !== undefined) this.#held = held;
    else {
      // Too large to be held: as long as the page hears it live nothing is lost.
      this.forget();
      if (socket === undefined) return this.fallBehind();
    }
    if (socket !== undefined) this.sendFrameTo(socket, frame);
  }

  /** Sends; false when the socket takes no more. */
  private sendFrameTo(socket: LiveSocket, frame: Uint8Array): boolean {
    return this.passed(socket, this.sendTo(socket, frame));
  }

  private passed(socket: LiveSocket, result: SendResult): boolean {
    if (result === "sent") return true;
    if (result === "dropped") {
      socket.close(TRY_LATER, "too slow");
      return false;
    }
    if (socket.buffered() < this.limits.socketBehindBytes) return true;
    this.fallBehind();
    return false;
  }

  /** The page has everything up to the frame with this low byte. */
  heard(byte: number): void {
    const n = acknowledged(byte, this.sent);
    if (n > this.#acked) this.trim(n);
  }

  private trim(n: number): void {
    this.#acked = n;
    if (n > this.base) {
      this.#held = dropHeld(this.#held, n - this.base);
      this.base = n;
    }
    const unheard = this.#unheard;
    if (unheard === undefined) return;
    const { errors, commands } = unheard;
    commands?.drop(n);
    if (commands?.count === 0) unheard.commands = undefined;
    while (errors?.[0] !== undefined && errors[0].after < n) errors.shift();
    if (errors?.length === 0) unheard.errors = undefined;
    if (unheard.errors === undefined && unheard.commands === undefined && unheard.refused === undefined) this.#unheard = undefined;
  }

  private forget(): void {
    letGo(this.#held);
    this.#held = NOTHING_HELD;
    this.base = this.sent;
  }

  /** Frames stop; the page is asked to describe itself as soon as it can hear. */
  fallBehind(): void {
    this.behind = true;
    this.forget();
    this.drained();
  }

  /** The socket has room again. */
  drained(): void {
    const { socket } = this;
    if (this.behind && !this.asked && socket !== undefined && socket.buffered() <= this.limits.socketBehindBytes / DRAINED) this.ask();
  }

  /** Asks the page to describe itself; once. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.socket?.send(encodeAgain());
  }

  /** Keeps the commands of the frame that is written next, or would be, until the page has it. */
  keep(commands: readonly PageCommand[]): void {
    (this.unheard.commands ??= new CommandQueue()).add(this.sent + 1, commands);
  }

  /** The commands that a page which has applied `received` frames has not heard, for the frame that brings it up to date. */
  takeCommands(received: number): readonly PageCommand[] {
    const queue = this.#unheard?.commands;
    if (queue === undefined) return [];
    this.unheard.commands = undefined;
    queue.drop(received);
    return queue.take();
  }

  // ---- coming and going

  /** The session has ended: nothing is held and nothing sent any more. */
  end(): void {
    this.behind = true;
    this.asked = true;
    this.forget();
  }

  attach(socket: LiveSocket): void {
    this.socket = socket;
    this.asked = false;
  }

  detach(): void {
    this.socket = undefined;
    this.asked = false;
  }

  /** Whether a page that has applied `received` frames and sent `sent` events can go on from what is held. */
  continues(received: number, sent: number): boolean {
    return !this.behind && received >= this.base && received <= this.sent && sent >= this.received;
  }

  /** Sends the page what it misses, after RESUMED. */
  replay(received: number): void {
    const { socket } = this;
    if (socket === undefined) return;
    this.trim(received);
    readHeld(this.#held, received - this.base, (frame) => this.sendFrameTo(socket, frame));
    this.repeatErrors();
  }

  /** The page shows what the session has, or will with the next frame: numbers go on from here. */
  restart(): void {
    this.behind = false;
    this.asked = false;
    this.#acked = this.sent;
    this.forget();
  }

  /** A new epoch: both sides count anew. */
  renumber(): void {
    this.sent = 0;
    this.received = 0;
    this.handled = 0;
    this.#told = 0;
    const errors = this.#unheard?.errors;
    if (errors !== undefined) this.unheard.errors = errors.map(({ bytes }) => ({ after: 0, bytes }));
    this.restart();
  }

  /** After RESUMED and WELCOME: errors that the page may not have heard. */
  repeatErrors(): void {
    for (const { bytes } of this.#unheard?.errors ?? []) this.say(bytes);
  }
}
