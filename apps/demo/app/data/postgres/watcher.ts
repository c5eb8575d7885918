// The change feed over LISTEN/NOTIFY. A notification only says "look": the versions are read from the `changes` table, in order
// of commit as far as this process has not seen them, so a lost connection loses nothing that is still in the table.
import pg from "pg";
import { Topic } from "../topic.js";
import type { Change } from "../repository.js";

export const channel = "cairn_changes";
const retryMs = 1000;

export interface FeedReader {
  newest(): Promise<number>;
  /** Changes above `version`, ascending. */
  after(version: number): Promise<readonly Change[]>;
}

export class PostgresWatcher {
  readonly #url: string;
  readonly #reader: FeedReader;
  readonly #onError: (error: unknown) => void;
  readonly #topic: Topic<Change>;
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #seen: number | null = null;
  #reading: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(url: string, reader: FeedReader, onError: (error: unknown) => void) {
    this.#url = url;
    this.#reader = reader;
    this.#onError = onError;
    this.#topic = new Topic(onError);
  }

  watch(fn: (change: Change) => void): () => void {
    return this.#topic.source(fn);
  }

  async start(): Promise<void> {
    if (this.#stopped) return;
    const client = new pg.Client({ connectionString: this.#url });
    this.#client = client;
    client.on("error", () => this.#again());
    client.on("end", () => this.#again());
    client.on("notification", () => this.look());
    await client.connect();
    await client.query(`listen ${channel}`);
    this.#seen ??= await this.#reader.newest();
    this.look();
  }

  /** Reads what is new. Reads queue up, so changes stay in order. */
  look(): void {
    this.#reading = this.#reading.then(async () => {
      if (this.#stopped || this.#seen === null) return;
      for (const change of await this.#reader.after(this.#seen)) {
        this.#seen = Math.max(this.#seen, change.version);
        this.#topic.publish(change);
      }
    }).catch(this.#onError);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#reading;
    await this.#client?.end();
  }

  #again(): void {
    if (this.#stopped || this.#retry !== null) return;
    this.#client?.removeAllListeners();
    this.#client?.on("error", () => undefined);
    this.#client = null;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.start().catch((error: unknown) => {
        this.#onError(error);
        this.#again();
      });
    }, retryMs);
    this.#retry.unref();
  }
}
