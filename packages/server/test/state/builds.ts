/**
 * Builds of an app by hand: what `vango state apply` writes for each, in short.
 */
import type { StateBinding, StateBindings } from "../../src/state/bindings.js";

/** An entry; `fits` says what its values are. */
export function entry(key: string, schema: string, hash: string, fits: (value: never) => boolean, o: Partial<StateBinding> = {}): StateBinding {
  return {
    kind: "shared",
    key,
    schema,
    hash,
    initial: () => undefined,
    check: (value) => (fits(value as never) ? undefined : "$"),
    aliases: [],
    previous: [],
    reads: [],
    readsWithLoss: [],
    migrates: [],
    ...o,
  };
}

export const bindings = (entries: readonly StateBinding[], removed: StateBindings["removed"] = []): StateBindings => ({
  version: 1,
  fingerprint: ["f", ...entries.map((each) => `${each?.key}:${each?.hash}`)].join(),
  entries,
  removed,
});

export const isNumber = (value: unknown): boolean => typeof value === "number";
export const isText = (value: unknown): boolean => typeof value === "string";
