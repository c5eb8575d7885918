// The bus on PostgreSQL: NOTIFY and LISTEN on one channel of the database, the channel of the message before its text. One
// connection speaks and listens, so a publisher's messages keep their order. A connection that breaks is made again, and then
// everybody is told that messages may be missing.
import pg from "pg";
import { checkMessage, Listeners, type Bus, type Listener } from "../bus.js";
import { closedError, guarded, storageError } from "./failing.js";

/** Options of {@link postgresBus}. */
export interface PostgresBusOptions {
  /** `postgres://user:password@host:port/database`. Default: the environment variables of libpq. */
  readonly url?: string;
  /** NOTIFY channel: one an app. Default `vango`. */
  readonly channel?: string;
  /** A call that has no answer by then has failed, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5000;
const RETRY_MS = 50;
const RETRY_CAP_MS = 2000;

/**
 * A bus over PostgreSQL. Needs the package `pg`.
 *
 * @example
 * const app = createApp({ routes, store: postgresStore({ url }), bus: postgresBus({ url }) });
 */
export function postgresBus(options: PostgresBusOptions = {}): Bus {
  return new PostgresBus(options);
}

class PostgresBus implements Bus {
  readonly name = "postgres";
  readonly #listeners = new Listeners();
  readonly #channel: string;
  #client: Promise<pg.Client> | undefined = undefined;
  #retry: NodeJS.Timeout | undefined = undefined;
  #failures = 0;
  #lost = false;
  #closed = false;

  constructor(private readonly options: PostgresBusOptions) {
    this.#channel = options.channel ?? "vango";
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#open(channel, message);
    const client = await this.#connected();
    await guarded(() => client.query("select pg_notify($1, $2)", [this.#channel, `${channel} ${message}`]));
  }

  async subscribe(channel: string, heard: (message: string) => void, missed?: () => void): Promise<() => Promise<void>> {
    this.#open(channel);
    const listener: Listener = { heard, missed };
    this.#listeners.add(channel, listener);
    try {
      await this.#connected();
    } catch (error) {
      this.#listeners.remove(channel, listener);
      throw error;
    }
    return async () => void this.#listeners.remove(channel, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** The connection, listening. */
  #connected(): Promise<pg.Client> {
    return (this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      throw storageError(error);
    }));
  }

  async #connect(): Promise<pg.Client> {
    const { url, timeoutMs = TIMEOUT_MS } = this.options;
    const client = new pg.Client({ ...(url === undefined ? {} : { connectionString: url }), connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs, keepAlive: true });
    client.on("notification", ({ payload = "" }) => {
      const space = payload.indexOf(" ");
      if (!this.#closed) this.#listeners.tell(payload.slice(0, space), payload.slice(space + 1));
    });
    // Both may come, in any order; the first counts.
    client.once("error", () => this.#broke(client));
    client.once("end", () => this.#broke(client));
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
    this.#failures = 0;
    if (this.#lost) {
      this.#lost = false;
      this.#listeners.missed();
    }
    return client;
  }

  #broken = new WeakSet<pg.Client>();

  #broke(client: pg.Client): void {
    if (this.#closed || this.#broken.has(client)) return;
    this.#broken.add(client);
    client.on("error", () => undefined);
    client.end().catch(() => undefined);
    this.#client = undefined;
    this.#lost = true;
    this.#again();
  }

  /** Who listens must hear again without asking. */
  #again(): void {
    clearTimeout(this.#retry);
    if (this.#closed || this.#listeners.channels.length === 0) return;
    const wait = Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(this.#failures++, 10)) * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => {
      this.#connected().catch(() => this.#again());
    }, wait);
    this.#retry.unref();
  }

  #open(channel: string, message?: string): void {
    if (this.#closed) throw closedError();
    checkMessage(channel, message);
  }
}
