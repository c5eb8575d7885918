/**
 * The network between one browser and an app, in virtual time. Each socket is two lanes of whole messages in order, as TCP gives
 * them; what a test wants to go wrong goes wrong here. Invariants: nothing is delivered inside a call of the other side that was
 * not made by delivery (a server's turn never hears the browser's answer while it runs); without faults a message of the browser
 * is delivered before `send` returns.
 */
import type { Chance, LightAnswer, LightNetwork, Wire, WireEvents } from "@vango/client/testing";
import { Link } from "./link.js";
import type { Rig } from "./rig.js";

/** Changes what is on its way: what is given is delivered in its place. `up`: from the browser. */
export type Intercept = (bytes: Uint8Array, up: boolean) => readonly Uint8Array[];

/** How a connection is lost. */
export interface Loss {
  /** What the browser had sent still arrives, so many ms later; the server hears of the loss after it. Default: it dies. */
  readonly upAfter?: number;
  /** The same the other way. */
  readonly downAfter?: number;
}

/** What a test may do to the connection of a page. */
export interface Network {
  /** Time that a message takes one way, ms, or the bounds of a random time. Order within a socket stays. Default 0. */
  delay: number | readonly [from: number, to: number];
  /** Nothing connects while it is true. `disconnect()` and `resume()` of a page set it. */
  down: boolean;
  /** Called with each message. Gives what is delivered: twice for a duplicate, a part for half a message, none for a lost one. */
  intercept: Intercept | undefined;
  /** The sockets are lost now; both sides hear of it unless said otherwise. */
  lose(how?: Loss): void;
  /** The sockets become half-open: nothing passes any more and nobody hears of it. */
  freeze(): void;
  /** The browser stops reading: what the server sends waits, and the server sees it waiting. */
  stall(): void;
  /** The browser reads again. */
  flow(): void;
}

export class VirtualNetwork implements LightNetwork, Network {
  delay: number | readonly [from: number, to: number] = 0;
  down = false;
  intercept: Intercept | undefined;
  stalled = false;
  readonly links = new Set<Link>();
  #pumping = false;
  #soon = false;
  #loads = 0;

  constructor(
    /** The process that answers. */
    public rig: Rig,
    readonly chance: Chance,
    readonly headers: readonly (readonly [name: string, value: string])[],
    /** Told of each message that reaches the browser. */
    readonly arrived: (bytes: Uint8Array) => void,
  ) {}

  async get(url: string, headers: Readonly<Record<string, string>>): Promise<LightAnswer> {
    this.#loads++;
    try {
      if (this.down) throw new Error("The network is down.");
      const response = await Promise.race([this.rig.get(url, [...Object.entries(headers), ...this.headers]), this.rig.death]);
      if (response === undefined) throw new Error("The process has ended.");
      return { status: response.status, headers: response.headers, text: await response.text() };
    } finally {
      this.#loads--;
    }
  }

  connect(url: string, headers: Readonly<Record<string, string>>, events: WireEvents): Wire {
    const link = new Link(this, this.rig, events);
    this.links.add(link);
    void link.begin(url, [...Object.entries(headers), ...this.headers]);
    return link.wire;
  }

  /** Something is about to be delivered without time passing. */
  get busy(): boolean {
    return this.#loads > 0 || this.moving;
  }

  /** The same, but for documents: their answer may wait for what needs time. */
  get moving(): boolean {
    if (this.#soon) return true;
    for (const link of this.links) {
      if (!link.busy) continue;
      // Of two timers of one moment the other may have come first: what is due must not wait for its own while all wait for it.
      this.soon();
      return true;
    }
    return false;
  }

  lose(how: Loss = {}): void {
    for (const link of this.links) link.lose(how);
  }

  freeze(): void {
    for (const link of this.links) link.freeze();
  }

  /** A socket is dead, and the browser has not noticed. */
  get halfOpen(): boolean {
    for (const link of this.links) if (link.halfOpen) return true;
    return false;
  }

  stall(): void {
    this.stalled = true;
  }

  flow(): void {
    this.stalled = false;
    this.pump();
    for (const link of this.links) link.flowed();
    this.soon();
  }

  /** When a message that is sent now arrives. */
  arrival(): number {
    const { delay } = this;
    return this.rig.clock.now() + (typeof delay === "number" ? delay : delay[0] + this.chance() * (delay[1] - delay[0]));
  }

  /** Delivers what is due, now: for what the browser's side did. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      let moved = true;
      while (moved) {
        moved = false;
        for (const link of this.links) if (link.step()) moved = true;
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** Delivers what is due as soon as the running code has ended: for what the server's side did. */
  readonly soon = (): void => {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      this.pump();
    });
  };
}
