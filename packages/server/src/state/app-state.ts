/**
 * What an app's persisted state stands on: the store, the codec with the app's secrets, the budgets. One an app; each set of
 * sessions has a keeper on it.
 */
import { blobCodec, memoryStore, type Bus, type SessionStore } from "@vango/persist";
import { scopes, type Topics } from "@vango/core/internal";
import type { AppOptions } from "../app-options.js";
import { serverError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { AppCore } from "../session-port.js";
import { inCommon } from "../workers/in-common.js";
import type { StateKeeper } from "./keeper.js";
import { Declared } from "./declared.js";
import { RecordCodec } from "./record-codec.js";
import { Keeper } from "./record-keeper.js";
import { SharedRecords } from "./shared-records.js";

export interface AppState {
  readonly store: SessionStore;
  readonly bus: Bus | undefined;
  /** Records that sessions share: values of the app and of browsers. */
  readonly shared: SharedRecords;
  readonly codec: RecordCodec;
  /** Of `createApp({ state })`; undefined: nothing is declared, and everything that is stored is read as it is. */
  readonly declared: Declared | undefined;
  readonly dev: boolean;
  readonly budgets: { readonly valueBytes: number; readonly sessionBytes: number };
  readonly beforeAck: boolean;
}

const STORE_METHODS = ["create", "commit", "claim", "load", "touch", "release", "delete", "sweep"] as const;

export interface AppStateOptions {
  readonly options: AppOptions;
  readonly limits: Limits;
  readonly secrets: readonly string[];
  readonly worker: string;
  report(error: unknown, session?: string): unknown;
}

/** @throws VANGO_BAD_OPTION, VANGO_STATE_BINDINGS */
export function appState({ options, limits, secrets, worker, report }: AppStateOptions): AppState {
  const { durability = "behind" } = options;
  if (durability !== "behind" && durability !== "before-ack") throw serverError("VANGO_BAD_OPTION", { message: `durability is ${JSON.stringify(durability)}; it is "behind" or "before-ack".` });
  const common = inCommon();
  const { bus = common?.bus, store = common?.store ?? memoryStore() } = options;
  if (STORE_METHODS.some((method) => typeof store[method] !== "function")) throw serverError("VANGO_BAD_OPTION", { message: "store is no session store; see @vango/persist." });
  if (bus !== undefined && (typeof bus.publish !== "function" || typeof bus.subscribe !== "function")) throw serverError("VANGO_BAD_OPTION", { message: "bus is no bus; see @vango/persist." });
  const codec = new RecordCodec(blobCodec({ secrets, encrypt: options.encryptState === true }));
  const declared = options.state === undefined ? undefined : new Declared(options.state);
  const dev = options.dev === true;
  const budgets = { valueBytes: limits.persistedValueBytes, sessionBytes: limits.persistedSessionBytes };
  return {
    store,
    bus,
    shared: new SharedRecords({ store, bus, codec, budgets, worker, report, declared }),
    codec,
    declared,
    dev,
    budgets,
    beforeAck: durability === "before-ack",
  };
}

/** The values of a browser, if the app has keys of that scope. */
export function browserTopics(core: AppCore, browser: string | undefined): Promise<Topics> | undefined {
  return scopes.browser && browser !== undefined ? core.state.shared.browser(browser) : undefined;
}

/** The keeper of one set of sessions. */
export function createKeeper(core: AppCore): StateKeeper {
  const { state, worker, clock } = core;
  return new Keeper({ ...state, worker, clock, onWork: core.onWork, report: (error, session) => core.report(error, session) });
}
