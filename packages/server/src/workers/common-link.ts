/**
 * A worker's side of what it has in common with the others: the store and the bus of its supervisor, over one link that is made
 * when it is first needed and made again when it is lost.
 */
import { randomBytes } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { checkMessage, Listeners, PersistError, type Bus, type SessionStore } from "@vango/persist";
import { STORE, SUPERVISOR, type Operation, type StoreAnswer } from "./common-host.js";
import { connectLink } from "./greeting.js";
import type { InCommon } from "./in-common.js";
import { LinkKind } from "./link-frame.js";
import { OutLink, splitTopic, withTopic } from "./out-link.js";
import type { PeersOfApp } from "./relaying-sessions.js";
import { socketPath } from "./socket-folder.js";

/** Longest wait for an answer of the store; its outcome is unknown then. */
const ANSWER_MS = 10_000;
const CONNECT_MS = 5000;
const AGAIN_MS = 100;
const BOUNDS = { maxBody: 4 * 1024 * 1024, maxWaiting: 64 * 1024 * 1024 };

export class CommonLink implements InCommon {
  readonly store: SessionStore;
  readonly bus: Bus;
  readonly #listeners = new Listeners();
  #link: Promise<OutLink | undefined> | undefined = undefined;
  #wasThere = false;

  constructor(private readonly meet: PeersOfApp) {
    this.store = new StoreOverLink(this);
    this.bus = new BusOverLink(this, this.#listeners);
  }

  /** @throws PersistError of kind `storage` when the supervisor does not answer. */
  async up(): Promise<OutLink> {
    this.#link ??= this.#connect();
    const out = await this.#link;
    if (out === undefined) {
      this.#link = undefined;
      throw new PersistError("storage", { message: "The supervisor does not answer." });
    }
    return out;
  }

  async #connect(): Promise<OutLink | undefined> {
    let out: OutLink | undefined;
    const to = { path: socketPath(this.meet.folder, SUPERVISOR), peer: SUPERVISOR, bounds: BOUNDS, ms: CONNECT_MS };
    await connectLink({ name: randomBytes(6).toString("base64url"), token: this.meet.token }, to, (link) => {
      link.unref();
      out = new OutLink(link, () => this.#lost());
      out.hear((kind, body) => {
        if (kind !== LinkKind.PUBLISH) return;
        const { topic, body: message } = splitTopic(body);
        this.#listeners.tell(topic, message.toString());
      });
    });
    if (out !== undefined && this.#wasThere) this.#listeners.missed();
    this.#wasThere ||= out !== undefined;
    return out;
  }

  /** Who listens must hear again soon; nobody else needs the link before it is used. */
  #lost(): void {
    this.#link = undefined;
    if (this.#listeners.channels.length === 0) return;
    setTimeout(() => void this.up().catch(() => this.#lost()), AGAIN_MS).unref();
  }
}

class BusOverLink implements Bus {
  readonly name = "workers";
  readonly #ends = new Set<() => void>();
  #closed = false;

  constructor(
    private readonly link: CommonLink,
    private readonly listeners: Listeners,
  ) {}

  async publish(channel: string, message: string): Promise<void> {
    this.#open(channel, message);
    const { link } = await this.link.up();
    link.send(LinkKind.PUBLISH, 0, withTopic(channel, Buffer.from(message)));
  }

  async subscribe(channel: string, heard: (message: string) => void, missed?: () => void): Promise<() => Promise<void>> {
    this.#open(channel);
    await this.link.up();
    this.#open(channel);
    const listener = { heard, missed };
    this.listeners.add(channel, listener);
    const end = (): void => {
      this.#ends.delete(end);
      this.listeners.remove(channel, listener);
    };
    this.#ends.add(end);
    return async () => end();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const end of [...this.#ends]) end();
  }

  #open(channel: string, message?: string): void {
    if (this.#closed) throw new PersistError("storage", { message: "The bus is closed." });
    checkMessage(channel, message);
  }
}

class StoreOverLink implements SessionStore {
  readonly name = "supervisor";
  readonly survives = "process";
  #closed = false;

  constructor(private readonly link: CommonLink) {}

  create = this.#operation("create");
  commit = this.#operation("commit");
  exchange = this.#operation("exchange");
  claim = this.#operation("claim");
  load = this.#operation("load");
  touch = this.#operation("touch");
  release = this.#operation("release");
  delete = this.#operation("delete");
  sweep = this.#operation("sweep");
  stats = this.#operation("stats");

  async close(): Promise<void> {
    this.#closed = true; // the others go on
  }

  #operation<O extends Operation>(operation: O): SessionStore[O] {
    const run = async (...args: readonly unknown[]): Promise<unknown> => {
      if (this.#closed) throw new PersistError("storage", { message: "The store is closed." });
      const question = asked(operation, args);
      const out = await this.link.up();
      const bytes = await out.ask(STORE, question, ANSWER_MS);
      if (bytes === undefined) throw new PersistError("storage", { message: "The supervisor did not answer." });
      const answer = deserialize(bytes) as StoreAnswer;
      if ("value" in answer) return answer.value;
      const { kind, key, size, limit, message } = answer.error;
      throw Object.assign(new PersistError(kind, { key, ...(size === undefined ? {} : { size }), ...(limit === undefined ? {} : { limit }) }), { message });
    };
    return run as SessionStore[O];
  }
}

function asked(operation: Operation, args: readonly unknown[]): Uint8Array {
  try {
    return serialize([operation, ...args]);
  } catch (cause) {
    throw new PersistError("codec", { cause });
  }
}
