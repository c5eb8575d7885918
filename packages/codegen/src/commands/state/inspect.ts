// `vango state inspect`: what the app persists, one line a key.
import type { StateEntry } from "../../state/state-entry.js";
import { typeText } from "../../state/schema/print.js";

/** Budgets that the server keeps unless the app says otherwise. */
const VALUE_BUDGET = "64 KiB";
const SESSION_BUDGET = "256 KiB";

export interface InspectedState {
  readonly version: 1;
  readonly budgets: { readonly value: string; readonly session: string };
  readonly entries: readonly (Pick<StateEntry, "kind" | "key" | "scope" | "schema" | "hash" | "initial" | "aliases" | "migrates" | "file" | "line"> & { readonly type: string })[];
}

export function inspectState(entries: readonly StateEntry[]): InspectedState {
  return {
    version: 1,
    budgets: { value: VALUE_BUDGET, session: SESSION_BUDGET },
    entries: entries.map(({ kind, key, scope, schema, hash, initial, aliases, migrates, file, line, type }) => ({
      kind, key, ...(scope === undefined ? {} : { scope }), type: typeText(type.root), schema, hash, initial, aliases, migrates, file, line,
    })),
  };
}

export function inspectText({ entries }: InspectedState): string {
  if (entries.length === 0) return "The app has no persisted state.";
  const rows = [["KIND", "KEY", "TYPE", "SCHEMA", "HASH", "DECLARED"], ...entries.map(({ kind, scope, key, type, schema, hash, file, line }) => [scope === "browser" ? "session (browser)" : kind, key, type, schema, hash, `${file}:${line}`])];
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return [
    ...rows.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ").trimEnd()),
    "",
    `${entries.length} ${entries.length === 1 ? "key" : "keys"}. Budgets by default: ${VALUE_BUDGET} a value, ${SESSION_BUDGET} a session.`,
  ].join("\n");
}
