// The bus on Redis: publish and subscribe. A connection that listens can do nothing else, so a bus has two. When the listening
// one was lost and is there again, everybody is told that messages may be missing.
import type { Redis } from "ioredis";
import { checkMessage, Listeners, type Bus, type Listener } from "../bus.js";
import { closedError, guarded } from "./failing.js";
import { connect, DEFAULT_PREFIX, type RedisConnection } from "./redis-client.js";

/** Options of {@link redisBus}. A `client` that is given is duplicated for listening. */
export type RedisBusOptions = RedisConnection;

/**
 * A bus over Redis or Valkey. Needs the package `ioredis`.
 *
 * @example
 * const app = createApp({ routes, store: redisStore({ url }), bus: redisBus({ url }) });
 */
export function redisBus(options: RedisBusOptions = {}): Bus {
  return new RedisBus(options);
}

class RedisBus implements Bus {
  readonly name = "redis";
  readonly #publisher: Redis;
  readonly #own: boolean;
  readonly #prefix: string;
  readonly #listeners = new Listeners();
  #subscriber: Redis | undefined = undefined;
  #lost = false;
  #closed: Promise<void> | undefined = undefined;

  constructor(private readonly options: RedisBusOptions) {
    this.#own = options.client === undefined;
    this.#publisher = options.client ?? connect(options);
    this.#prefix = `${options.prefix ?? DEFAULT_PREFIX}bus:`;
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#open(channel, message);
    await guarded(() => this.#publisher.publish(this.#prefix + channel, message));
  }

  async subscribe(channel: string, heard: (message: string) => void, missed?: () => void): Promise<() => Promise<void>> {
    this.#open(channel);
    const listener: Listener = { heard, missed };
    if (this.#listeners.add(channel, listener)) {
      try {
        await guarded(() => this.#ear().subscribe(this.#prefix + channel));
      } catch (error) {
        this.#listeners.remove(channel, listener);
        throw error;
      }
    }
    return async () => {
      if (this.#listeners.remove(channel, listener) && this.#closed === undefined) await guarded(() => this.#ear().unsubscribe(this.#prefix + channel));
    };
  }

  close(): Promise<void> {
    return (this.#closed ??= (async () => {
      this.#listeners.clear();
      this.#subscriber?.disconnect();
      if (this.#own) await this.#publisher.quit().catch(() => this.#publisher.disconnect());
    })());
  }

  /** The connection that listens; made when somebody wants to hear. ioredis subscribes it again when it comes back. */
  #ear(): Redis {
    if (this.#subscriber !== undefined) return this.#subscriber;
    const { client } = this.options;
    const ear = client === undefined ? connect(this.options, { autoResubscribe: true }) : client.duplicate();
    ear.on("error", () => undefined);
    ear.on("message", (name: string, message: string) => {
      if (this.#closed === undefined) this.#listeners.tell(name.slice(this.#prefix.length), message);
    });
    ear.on("close", () => (this.#lost = true));
    ear.on("ready", () => {
      if (!this.#lost) return;
      this.#lost = false;
      // The channels are subscribed to by now or by the next turn; what is read after that misses nothing.
      ear.ping().then(() => this.#listeners.missed(), () => (this.#lost = true));
    });
    return (this.#subscriber = ear);
  }

  #open(channel: string, message?: string): void {
    if (this.#closed !== undefined) throw closedError();
    checkMessage(channel, message);
  }
}
