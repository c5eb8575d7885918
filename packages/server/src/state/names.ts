/**
 * Names of persisted values in records: the kind, a colon, the key as the app wrote it.
 */
import type { StateBinding } from "./bindings.js";

/** A session key of a browser has a kind of its own. */
export function storeName({ kind, scope }: Pick<StateBinding, "kind" | "scope">, key: string): string {
  return `${kind === "session" && scope === "browser" ? "browser" : kind}:${key}`;
}

export function keyOf(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

export function kindOf(name: string): string {
  return name.slice(0, name.indexOf(":"));
}

/** The record of one of the app's own values. */
export const globalRecord = (key: string): string => `g:${key}`;
