/**
 * What `createApp({ state })` got: the default export of `vango_state_bindings_gen.ts`, or something else, which is refused when
 * the app is made and not when the first session comes back.
 */
import { serverError } from "../errors.js";
import type { StateBinding, StateBindings } from "./bindings.js";
import { storeName } from "./names.js";

const KINDS: ReadonlySet<unknown> = new Set(["shared", "global", "session"]);

/** @throws VANGO_STATE_BINDINGS */
export function checkBindings(state: object): StateBindings {
  const problem = problemOf(state as Partial<StateBindings>);
  if (problem !== undefined) throw serverError("VANGO_STATE_BINDINGS", { message: problem });
  return state as StateBindings;
}

function problemOf({ version, fingerprint, entries, removed }: Partial<StateBindings>): string | undefined {
  if (version !== 1) return `\`version\` is ${JSON.stringify(version)}; this server knows version 1.`;
  if (!isText(fingerprint)) return "`fingerprint` is no text.";
  if (!Array.isArray(entries)) return "`entries` is no list.";
  if (!Array.isArray(removed)) return "`removed` is no list.";
  const names = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const problem = entryProblem(entry as Partial<StateBinding> | null);
    if (problem !== undefined) return `\`entries[${i}]\`: ${problem}`;
    for (const key of [entry.key, ...entry.aliases]) {
      const name = storeName(entry, key);
      if (names.has(name)) return `\`entries[${i}]\`: ${JSON.stringify(key)} is named twice.`;
      names.add(name);
    }
  }
  for (const [i, gone] of removed.entries()) {
    const { kind, key, hashes } = (gone ?? {}) as Partial<StateBindings["removed"][number]>;
    if (!KINDS.has(kind) || !isText(key) || !isTexts(hashes)) return `\`removed[${i}]\` is no removed key.`;
  }
  return undefined;
}

function entryProblem(entry: Partial<StateBinding> | null): string | undefined {
  if (typeof entry !== "object" || entry === null) return "it is no entry.";
  if (!KINDS.has(entry.kind)) return `\`kind\` is ${JSON.stringify(entry.kind)}.`;
  for (const field of ["key", "schema", "hash"] as const) if (!isText(entry[field])) return `\`${field}\` is no text.`;
  for (const field of ["initial", "check"] as const) if (typeof entry[field] !== "function") return `\`${field}\` is no function.`;
  for (const field of ["aliases", "previous", "reads", "readsWithLoss", "migrates"] as const) if (!isTexts(entry[field])) return `\`${field}\` is no list of texts.`;
  if (entry.scope !== undefined && entry.scope !== "tab" && entry.scope !== "browser") return `\`scope\` is ${JSON.stringify(entry.scope)}.`;
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((text) => typeof text === "string");
