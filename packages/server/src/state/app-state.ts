/**
 * What an app's persisted state stands on: the store, the codec with the app's secrets, the budgets. One an app; each set of
 * sessions has a keeper on it.
 */
import { blobCodec, memoryStore, type SessionStore } from "@vango/persist";
import type { AppOptions } from "../app-options.js";
import { serverError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { AppCore } from "../session-port.js";
import type { StateKeeper } from "./keeper.js";
import { RecordCodec } from "./record-codec.js";
import { Keeper } from "./record-keeper.js";

export interface AppState {
  readonly store: SessionStore;
  readonly codec: RecordCodec;
  readonly budgets: { readonly valueBytes: number; readonly sessionBytes: number };
  readonly beforeAck: boolean;
}

const STORE_METHODS = ["create", "commit", "claim", "load", "touch", "release", "delete", "sweep"] as const;

/** @throws VANGO_BAD_OPTION */
export function appState(options: AppOptions, limits: Limits, secrets: readonly string[]): AppState {
  const { durability = "behind" } = options;
  if (durability !== "behind" && durability !== "before-ack") throw serverError("VANGO_BAD_OPTION", { message: `durability is ${JSON.stringify(durability)}; it is "behind" or "before-ack".` });
  const store = options.store ?? memoryStore();
  if (STORE_METHODS.some((method) => typeof store[method] !== "function")) throw serverError("VANGO_BAD_OPTION", { message: "store is no session store; see @vango/persist." });
  return {
    store,
    codec: new RecordCodec(blobCodec({ secrets, encrypt: options.encryptState === true })),
    budgets: { valueBytes: limits.persistedValueBytes, sessionBytes: limits.persistedSessionBytes },
    beforeAck: durability === "before-ack",
  };
}

/** The keeper of one set of sessions. */
export function createKeeper(core: AppCore): StateKeeper {
  const { state, worker, clock } = core;
  return new Keeper({ ...state, worker, clock, report: (error, session) => core.report(error, session) });
}
