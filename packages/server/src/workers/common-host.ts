/**
 * The supervisor's side of what its workers have in common: a store in its memory, which outlives every worker and ends with
 * the supervisor, and a bus: what one worker publishes all hear, itself included, in one order.
 */
import { deserialize, serialize } from "node:v8";
import { memoryStore, PersistError, type SessionStore } from "@vango/persist";
import { LinkKind } from "./link-frame.js";
import type { Link } from "./link.js";
import { Peers, type Host } from "./peers.js";
import type { PeersOfApp } from "./relaying-sessions.js";

/** The supervisor's name among the workers, and the topic of questions to the store. */
export const SUPERVISOR = "supervisor";
export const STORE = "store";
/** Operations of the port that workers may ask for. */
export const OPERATIONS = ["create", "commit", "exchange", "claim", "load", "touch", "release", "delete", "sweep", "stats"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What is answered: a result, or an error of the store. */
export type StoreAnswer =
  | { readonly value: unknown }
  | { readonly error: { readonly kind: PersistError["kind"]; readonly key: string; readonly size: number | undefined; readonly limit: number | undefined; readonly message: string } };

const FRAME_BYTES = 4 * 1024 * 1024;
const WAITING_BYTES = 64 * 1024 * 1024;
const ASK_MS = 1000;

export class CommonHost implements Host {
  readonly peers: Peers;
  readonly #workers = new Set<Link>();

  constructor(
    meet: PeersOfApp,
    private readonly store: SessionStore = memoryStore(),
  ) {
    this.peers = new Peers({ ...meet, name: SUPERVISOR, maxBody: FRAME_BYTES, maxWaiting: WAITING_BYTES, askMs: ASK_MS });
    this.peers.answer(STORE, async (question) => serialize(await this.#answer(deserialize(question) as readonly unknown[])));
  }

  /** Resolves when workers may ask. */
  listen(): Promise<void> {
    return this.peers.listen(this);
  }

  opened(link: Link): void {
    this.#workers.add(link);
  }

  frame(_link: Link, kind: number, _channel: number, body: Buffer): void {
    if (kind === LinkKind.PUBLISH) for (const worker of this.#workers) worker.send(LinkKind.PUBLISH, 0, body);
  }

  closed(link: Link): void {
    this.#workers.delete(link);
  }

  async #answer([operation, ...args]: readonly unknown[]): Promise<StoreAnswer> {
    try {
      if (!OPERATIONS.includes(operation as Operation)) throw new PersistError("storage", { message: `no operation ${String(operation)}` });
      const run = this.store[operation as Operation] as (...args: readonly unknown[]) => Promise<unknown>;
      return { value: await run.apply(this.store, args) };
    } catch (error) {
      const { kind, key, size, limit, message } = error instanceof PersistError ? error : new PersistError("storage", { message: String(error) });
      return { error: { kind, key, size, limit, message } };
    }
  }
}
