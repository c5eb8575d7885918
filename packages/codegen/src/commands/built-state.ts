// What a build says of the app's persisted state, and the check of it when the app starts: generated files that contradict the
// code would have stored values read by the wrong types. Bundled into dist/main.js: it brings nothing along.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MANIFEST_FILE, SCHEMA_FILE, type ManifestEntry, type StateManifest, type StateSchemas } from "../state/artifacts/model.js";
import { stateError } from "../state/errors.js";

/** In dist. */
export const BUILT_STATE_FILE = "state.json";

export type BuiltEntry = Pick<ManifestEntry, "kind" | "key" | "schema" | "hash">;

/** dist/state.json. */
export interface BuiltState {
  readonly version: 1;
  /** Of the sources that were built. */
  readonly fingerprint: string;
  readonly entries: readonly BuiltEntry[];
  /** Of the generated files that were built in. */
  readonly bindings: { readonly fingerprint: string; readonly entries: readonly BuiltEntry[] };
}

export const builtEntries = (entries: readonly BuiltEntry[]): readonly BuiltEntry[] => entries.map(({ kind, key, schema, hash }) => ({ kind, key, schema, hash }));

/** Keys whose declaration and generated form differ. */
export function contradictions(code: readonly BuiltEntry[], generated: readonly BuiltEntry[]): readonly string[] {
  const texts = (entries: readonly BuiltEntry[]) => new Map(entries.map(({ kind, key, schema, hash }) => [`${kind}:${key}`, `${schema} ${hash}`]));
  const [a, b] = [texts(code), texts(generated)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

/** `main`: dist/main.js. @throws VangoError `VANGO_STATE_STALE` */
export function assertStateFresh(main: string): void {
  const dist = dirname(main);
  const built = readJson<BuiltState>(join(dist, BUILT_STATE_FILE));
  if (built === undefined) return;
  refuse("The app was built with", built.fingerprint, built.bindings.fingerprint, contradictions(built.entries, built.bindings.entries));
  const root = dirname(dist);
  const schemas = readJson<StateSchemas>(join(root, SCHEMA_FILE));
  const manifest = readJson<StateManifest>(join(root, MANIFEST_FILE));
  // a deployment of dist alone has nothing to contradict
  if (schemas === undefined || manifest === undefined) return;
  refuse("Beside dist lie", built.fingerprint, schemas.fingerprint, contradictions(built.entries, manifest.entries));
}

function refuse(where: string, code: string, generated: string, keys: readonly string[]): void {
  if (code === generated) return;
  const names = keys.length === 0 ? "the scopes of keys" : keys.join(", ");
  throw stateError("VANGO_STATE_STALE", { message: `${where} generated files that contradict its code: ${names}. Stored values would be read by the wrong types, so it does not start. Build again with fresh files.` });
}

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}
