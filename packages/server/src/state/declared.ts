/**
 * What the app's code knows of persisted values, ready to be asked: by the name of a value in the store, how a blob that some
 * build has written is to be read by this one. Nothing here reads or writes a value.
 */
import { callerPlace } from "@vango/core/internal";
import type { BlobSchema } from "@vango/persist";
import { serverError } from "../errors.js";
import type { StateBinding, StateBindings } from "./bindings.js";
import { checkBindings } from "./check-bindings.js";
import { keyOf, kindOf, storeName } from "./names.js";

/** A declared value. */
export interface DeclaredValue {
  /** In the store. */
  readonly name: string;
  readonly binding: StateBinding;
  /** What this build writes. */
  readonly schema: BlobSchema;
}

/**
 * How this build reads a blob. `same`: it could have written it. `reads`: as it is. `lossy`: as it is, where it fits. `migrates`: by
 * a function of the declaration. `cold`: an earlier build's, and not readable. `newer`: nobody here has heard of it; with the
 * schema id of the declaration it is readable where it fits. `removed`: of a key that this build has dropped. `unknown`: of a key
 * that it never had.
 */
export type Reading =
  | { readonly as: "same" | "reads" | "lossy" | "migrates" | "cold" | "newer"; readonly of: DeclaredValue }
  | { readonly as: "removed" | "unknown"; readonly of: undefined };

const REMOVED: Reading = { as: "removed", of: undefined };
const UNKNOWN: Reading = { as: "unknown", of: undefined };

/** A type without a name has an id that begins with `#` and names its key: of a renamed key it is still the same. */
export const sameIdentity = (a: string, b: string): boolean => a === b || (a.startsWith("#") && b.startsWith("#"));

export class Declared {
  readonly fingerprint: string;
  readonly #byName = new Map<string, DeclaredValue>();
  readonly #byAlias = new Map<string, DeclaredValue>();
  readonly #removed = new Map<string, ReadonlySet<string>>();

  /** @throws VANGO_STATE_BINDINGS */
  constructor(state: object) {
    const bindings: StateBindings = checkBindings(state);
    this.fingerprint = bindings.fingerprint;
    for (const binding of bindings.entries) {
      const name = storeName(binding, binding.key);
      const value: DeclaredValue = { name, binding, schema: { id: binding.schema, hash: binding.hash, version: 1 } };
      this.#byName.set(name, value);
      for (const alias of binding.aliases) this.#byAlias.set(storeName(binding, alias), value);
    }
    for (const { kind, key, hashes } of bindings.removed) this.#removed.set(`${kind}:${key}`, new Set(hashes));
  }

  /** Keys of the app's own values: they are loaded before it listens. */
  get globals(): readonly string[] {
    return [...this.#byName.values()].flatMap(({ binding }) => (binding.kind === "global" ? [binding.key] : []));
  }

  /** @throws VANGO_STATE_UNDECLARED, which names the place of the call in the app */
  get(name: string): DeclaredValue {
    const key = keyOf(name);
    const kind = kindOf(name);
    // A key of a browser is one of the page's own where there is no browser.
    const found = this.#byName.get(name) ?? (kind === "session" ? this.#byName.get(`browser:${key}`) : undefined);
    if (found !== undefined) return found;
    const call = { shared: "sharedSignal", global: "globalSignal", browser: 'sessionKey (scope "browser")' }[kind] ?? "sessionKey";
    const at = callerPlace();
    throw serverError("VANGO_STATE_UNDECLARED", { message: `${call} ${JSON.stringify(key)} at ${at}.`, at });
  }

  find(name: string): DeclaredValue | undefined {
    return this.#byName.get(name);
  }

  /** The value that has this name now or had it once. */
  known(stored: string): DeclaredValue | undefined {
    return this.#byName.get(stored) ?? this.#byAlias.get(stored);
  }

  /** Former names of a value, newest first. */
  formerNames({ binding }: DeclaredValue): readonly string[] {
    return binding.aliases.map((alias) => storeName(binding, alias)).reverse();
  }

  reading(stored: string, { id, hash }: BlobSchema): Reading {
    const of = this.known(stored);
    if (of === undefined) return this.#removed.get(stored)?.has(hash) === true ? REMOVED : UNKNOWN;
    const { schema, hash: own, previous, reads, readsWithLoss, migrates } = of.binding;
    const identical = sameIdentity(id, schema);
    if (identical && hash === own) return { as: "same", of };
    // A migration named by an id that is still the schema's is for the versions before this one, never for those after it.
    if (migrates.includes(hash) || (migrates.includes(id) && (!identical || previous.includes(hash)))) return { as: "migrates", of };
    // Written before the app had bindings: the value says whether it fits.
    if (id === "" && hash === "") return { as: "lossy", of };
    if (!identical) return { as: hash === own || previous.includes(hash) ? "cold" : "newer", of };
    if (reads.includes(hash)) return { as: "reads", of };
    if (readsWithLoss.includes(hash)) return { as: "lossy", of };
    return { as: previous.includes(hash) ? "cold" : "newer", of };
  }
}
