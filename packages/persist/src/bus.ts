// The bus port: how processes of one app tell each other that something has changed. Invariants: a message reaches every
// listener of its channel, the publisher's own process included, at most once and in the order of its publisher; it may get
// lost, and then `missed` is called as soon as that is known. So a message only says where to look; what counts is in the store.
import { PersistError } from "./errors.js";

/** Longest channel name, and longest message, in bytes: every backend can carry them. */
export const BUS_CHANNEL_BYTES = 200;
export const BUS_MESSAGE_BYTES = 4000;

/**
 * A carrier of small messages between processes. Implementations pass `busConformance` of `@vango/persist/testing`. Errors have
 * kind `storage`.
 *
 * @example
 * const stop = await bus.subscribe("news", (text) => console.log(text), () => reloadAll());
 * await bus.publish("news", "cart changed");
 */
export interface Bus {
  /** Short name for logs: `memory`, `redis` … */
  readonly name: string;
  /** Resolves when the carrier has taken the message. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Resolves with an end of the subscription when messages that are published from then on are heard. `missed`: the connection
   * was lost and is there again, so messages may be missing.
   */
  subscribe(channel: string, listener: (message: string) => void, missed?: () => void): Promise<() => Promise<void>>;
  /** Ends all subscriptions. Later calls fail with kind `storage`. */
  close(): Promise<void>;
}

/** Refuses what some carrier could not carry. */
export function checkMessage(channel: string, message = ""): void {
  if (channel === "" || !/^[\x21-\x7e]+$/.test(channel) || channel.length > BUS_CHANNEL_BYTES) {
    throw new PersistError("codec", { message: `A channel is 1 to ${BUS_CHANNEL_BYTES} printable ASCII characters.` });
  }
  const size = Buffer.byteLength(message);
  if (size > BUS_MESSAGE_BYTES) throw new PersistError("codec", { message: "The message is too large.", size, limit: BUS_MESSAGE_BYTES });
  if (/[\p{Cc}\p{Cs}]/u.test(message)) throw new PersistError("codec", { message: "The message holds control characters or half a surrogate pair." });
}

/** Listeners by channel: what every carrier keeps on its side. */
export class Listeners {
  readonly #channels = new Map<string, Set<Listener>>();

  /** True when it is the first of its channel. */
  add(channel: string, listener: Listener): boolean {
    const there = this.#channels.get(channel);
    if (there === undefined) this.#channels.set(channel, new Set([listener]));
    else there.add(listener);
    return there === undefined;
  }

  /** True when it was the last of its channel. */
  remove(channel: string, listener: Listener): boolean {
    const there = this.#channels.get(channel);
    if (there === undefined || !there.delete(listener) || there.size > 0) return false;
    this.#channels.delete(channel);
    return true;
  }

  tell(channel: string, message: string): void {
    for (const listener of [...(this.#channels.get(channel) ?? [])]) if (this.#channels.get(channel)?.has(listener) === true) listener.heard(message);
  }

  missed(): void {
    for (const there of [...this.#channels.values()]) for (const listener of [...there]) listener.missed?.();
  }

  get channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  clear(): void {
    this.#channels.clear();
  }
}

export interface Listener {
  readonly heard: (message: string) => void;
  readonly missed: (() => void) | undefined;
}

/**
 * A bus within this process: for tests, and for several apps in one process.
 *
 * @example
 * const bus = memoryBus();
 * const apps = [createApp({ routes, store, bus }), createApp({ routes, store, bus })];
 */
export function memoryBus(): Bus {
  return new MemoryBus();
}

class MemoryBus implements Bus {
  readonly name = "memory";
  readonly #listeners = new Listeners();
  #closed = false;

  async publish(channel: string, message: string): Promise<void> {
    this.#open(channel, message);
    queueMicrotask(() => this.#listeners.tell(channel, message));
  }

  async subscribe(channel: string, heard: (message: string) => void, missed?: () => void): Promise<() => Promise<void>> {
    this.#open(channel);
    const listener: Listener = { heard, missed };
    this.#listeners.add(channel, listener);
    return async () => void this.#listeners.remove(channel, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #open(channel: string, message?: string): void {
    if (this.#closed) throw new PersistError("storage", { message: "The bus is closed." });
    checkMessage(channel, message);
  }
}
