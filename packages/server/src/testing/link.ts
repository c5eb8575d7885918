/**
 * One socket of the virtual network: the browser's wire on one end, the session's socket on the other. Invariants: each end hears
 * of the close once and of nothing after it; what waits on a stalled link is counted as the server's unsent bytes.
 */
import type { Wire, WireEvents } from "@vango/client/testing";
import type { Connection, LiveSocket } from "../session-port.js";
import type { SendResult } from "../transport/transport.js";
import type { Loss, VirtualNetwork } from "./network.js";
import type { Rig } from "./rig.js";

interface Item {
  readonly at: number;
  /** A message, or the close of the lane. */
  readonly what: Uint8Array | Closed;
}

interface Closed {
  readonly code: number;
  readonly reason: string;
}

const LOST: Closed = { code: 1006, reason: "" };
const NO_STATUS: Closed = { code: 1005, reason: "" };

/** A timer's time is the sum of two numbers, ms: what it was set for must be due when it fires. */
const ROUNDING = 1e-6;

export class Link implements LiveSocket {
  data: Connection = { browser: "", ip: "", origin: "", headers: undefined, session: undefined };
  readonly #up: Item[] = [];
  readonly #down: Item[] = [];
  /** Each end: it has closed, or has heard of the close. */
  #browserGone = false;
  #serverGone = true;
  /** Both ends have heard of a close that is still on its way to nobody. */
  #closing = false;
  #frozen = false;
  /** The server was told that its bytes wait. */
  #full = false;
  #upgrading = false;

  constructor(
    readonly network: VirtualNetwork,
    readonly rig: Rig,
    readonly events: WireEvents,
  ) {}

  /** The browser's end. */
  readonly wire: Wire = {
    send: (bytes) => {
      if (this.#browserGone) return;
      for (const one of this.network.intercept?.(bytes, true) ?? [bytes]) if (!this.#frozen) this.#post(this.#up, one);
      this.network.pump();
    },
    close: () => {
      if (this.#browserGone) return;
      this.#browserGone = true;
      this.#down.length = 0;
      if (!this.#frozen) this.#post(this.#up, NO_STATUS);
      this.network.pump();
      this.#settle();
    },
  };

  /** Asks the server for the socket. */
  async begin(url: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    this.#upgrading = true;
    const reachable = !this.network.down && !this.rig.dead;
    const decision = reachable ? await this.rig.upgrade(url, headers) : undefined;
    this.#upgrading = false;
    if (decision === undefined || !decision.accept || this.network.down || this.rig.dead) this.#post(this.#down, LOST);
    else if (!this.#browserGone) {
      this.data = decision.data;
      this.#serverGone = false;
      this.rig.handlers.onOpen(this);
      if (!this.#browserGone) this.events.open();
    }
    this.network.soon();
    this.#settle();
  }

  // ---- faults

  lose({ upAfter, downAfter }: Loss): void {
    if (this.#frozen || this.#closing) return;
    this.#closing = true;
    this.#end(this.#up, upAfter);
    this.#end(this.#down, downAfter);
    this.network.soon();
  }

  /** What is on its way arrives late, or never; then the end hears of the loss. */
  #end(lane: Item[], after: number | undefined): void {
    const at = this.rig.clock.now() + (after ?? 0);
    const left = after === undefined ? [] : lane.splice(0);
    lane.length = 0;
    for (const item of left) lane.push({ what: item.what, at: Math.max(item.at, at) });
    this.#post(lane, LOST, at);
  }

  /** Nothing passes any more. The server's transport notices after its idle time, the browser by its heartbeat. */
  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#up.length = this.#down.length = 0;
    this.rig.clock.setTimer(this.rig.core.limits.socketIdleMs, () => this.#serverHears(LOST));
  }

  /** It is dead, and the browser has not noticed. */
  get halfOpen(): boolean {
    return (this.#frozen || this.#closing) && !this.#browserGone;
  }

  // ---- delivery

  /** Something is due that nothing holds back. */
  get busy(): boolean {
    return this.#upgrading || this.#due(this.#up) || (!this.network.stalled && this.#due(this.#down));
  }

  #due(lane: readonly Item[]): boolean {
    const first = lane[0];
    return first !== undefined && first.at <= this.rig.clock.now() + ROUNDING;
  }

  /** Delivers one message of each lane that is due; false when there is none. */
  step(): boolean {
    let moved = false;
    if (this.#due(this.#up)) {
      const { what } = this.#up.shift() as Item;
      moved = true;
      if (!(what instanceof Uint8Array)) this.#serverHears(what);
      else if (!this.#serverGone) this.rig.handlers.onMessage(this, what);
    }
    if (!this.network.stalled && this.#due(this.#down)) {
      const { what } = this.#down.shift() as Item;
      moved = true;
      if (!(what instanceof Uint8Array)) this.#browserHears(what);
      else if (!this.#browserGone) {
        this.network.arrived(what);
        this.events.message(what);
      }
    }
    this.#settle();
    return moved;
  }

  /** The browser reads again, and has read what waited. */
  flowed(): void {
    if (!this.#full || this.buffered() > 0) return;
    this.#full = false;
    if (!this.#serverGone) this.rig.handlers.onDrain(this);
  }

  #post(lane: Item[], what: Uint8Array | Closed, at = this.network.arrival()): void {
    const item = { at: Math.max(at, lane.at(-1)?.at ?? 0), what };
    lane.push(item);
    const wait = item.at - this.rig.clock.now();
    if (wait > 0) this.rig.clock.setTimer(wait, this.network.soon);
  }

  #serverHears({ code }: Closed): void {
    if (this.#serverGone) return;
    this.#serverGone = true;
    this.#up.length = 0;
    if (!this.rig.dead) this.rig.handlers.onClose(this, code);
  }

  #browserHears({ code, reason }: Closed): void {
    if (this.#browserGone) return;
    this.#browserGone = true;
    this.#down.length = 0;
    this.events.close(code, reason);
  }

  /** Forgotten when both ends have heard. */
  #settle(): void {
    if (this.#browserGone && this.#serverGone && !this.#upgrading) this.network.links.delete(this);
  }

  // ---- the server's end

  send(bytes: Uint8Array): SendResult {
    if (this.#serverGone || this.rig.dead) return "dropped";
    const { network } = this;
    if (this.buffered() > this.rig.core.limits.socketDropBytes) return "dropped";
    if (!this.#frozen && !this.#browserGone) {
      const copy = bytes.slice();
      for (const one of network.intercept?.(copy, false) ?? [copy]) this.#post(this.#down, one);
      network.soon();
    }
    if (!network.stalled) return "sent";
    this.#full = true;
    return "buffered";
  }

  buffered(): number {
    if (!this.network.stalled) return 0;
    return this.#down.reduce((sum, { what }) => sum + (what instanceof Uint8Array ? what.length : 0), 0);
  }

  close(code = 1000, reason = ""): void {
    if (this.#serverGone) return;
    if (!this.#frozen && !this.#closing) this.#post(this.#down, { code, reason });
    this.#closing = true;
    // The session hears of it when the code that closes has ended, as from a transport.
    this.#up.length = 0;
    this.#post(this.#up, { code, reason }, this.rig.clock.now());
    this.network.soon();
  }

  cork(fn: () => void): void {
    fn();
  }
}
