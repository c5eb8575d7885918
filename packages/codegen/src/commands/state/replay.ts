// `vango state replay`: recorded values as the new code would read them. Nothing is written, no migration is run: what would
// happen to each value is said, and what is wrong with one.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { storeReadings, type VersionReading } from "../../state/artifacts/readings.js";
import { stateError } from "../../state/errors.js";
import { checkOf } from "../../state/schema/validator.js";
import type { StateWorkspace } from "./workspace.js";

/** What becomes of one recorded value. */
export interface Replayed {
  readonly record: string;
  /** The value's name in the store, such as `shared:cart`. */
  readonly name: string;
  readonly outcome: "same" | "read" | "read-with-loss" | "migrated" | "newer" | "cold" | "dropped" | "unknown" | "unreadable";
  /** For people. */
  readonly detail: string;
}

interface Recording {
  readonly record: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The part of @vango/persist that is used: the app's own copy. */
interface Persist {
  blobCodec(options: { readonly secrets: readonly string[] }): { open(blob: Uint8Array, place: string): { readonly schema: { readonly id: string; readonly hash: string }; readonly payload: Uint8Array } };
  decodeValue(bytes: Uint8Array): unknown;
}

/** Loads @vango/persist as @vango/server of the app does. */
export async function loadPersist(root: string): Promise<Persist> {
  const server = createRequire(join(root, "package.json")).resolve("@vango/server");
  return (await import(pathToFileURL(createRequire(server).resolve("@vango/persist")).href)) as Persist;
}

/** Reads recordings from files and folders. @throws VangoError `VANGO_STATE_SNAPSHOT` */
export function readRecordings(paths: readonly string[]): readonly Recording[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw stateError("VANGO_STATE_SNAPSHOT", { message: `There is no ${path}.` });
    if (!found.isDirectory()) return recordingsIn(path);
    return readdirSync(path).filter((name) => name.endsWith(".json")).sort().flatMap((name) => recordingsIn(join(path, name)));
  });
}

const check = checkOf({
  root: { kind: "array", item: { kind: "object", fields: { record: { type: { kind: "string" } }, values: { type: { kind: "record", key: { kind: "string" }, value: { kind: "string" } } } } } },
  defs: {},
});

function recordingsIn(file: string): readonly Recording[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw stateError("VANGO_STATE_SNAPSHOT", { message: `${file}: ${(cause as Error).message}.`, at: file });
  }
  const list = Array.isArray(value) ? value : [value];
  const at = check(list);
  if (at !== undefined) throw stateError("VANGO_STATE_SNAPSHOT", { message: `${file}: \`${at}\` is missing or of the wrong form.`, at: file });
  return list as readonly Recording[];
}

/** What the current sources make of the recordings. */
export function replay({ next }: StateWorkspace, recordings: readonly Recording[], persist: Persist, secrets: readonly string[]): readonly Replayed[] {
  const codec = persist.blobCodec({ secrets });
  const readings = storeReadings(next);
  const checks = new Map<string, ReturnType<typeof checkOf>>();
  return recordings.flatMap(({ record, values }) => Object.entries(values).map(([name, base64]): Replayed => {
    const one = (outcome: Replayed["outcome"], detail: string): Replayed => ({ record, name, outcome, detail });
    const reading = readings.get(name);
    if (reading === "removed") return one("dropped", "the app has dropped this key");
    if (reading === undefined) return one("unknown", "no build of these artifacts knows this key; it is kept, unread");
    let schema: { readonly id: string; readonly hash: string };
    let value: unknown;
    try {
      const opened = codec.open(Buffer.from(base64, "base64"), `${record}\n${name}`);
      schema = opened.schema;
      value = persist.decodeValue(opened.payload);
    } catch (error) {
      return one("unreadable", (error as Error).message);
    }
    const how = howRead(reading, schema);
    if (how === "cold" || how === "migrated") return one(how, how === "cold" ? `values of ${schema.id} (${schema.hash}) are not read: the session begins afresh` : `\`migrate\` of the declaration reads ${schema.id} (${schema.hash})`);
    let test = checks.get(name);
    if (test === undefined) checks.set(name, (test = checkOf(reading.type)));
    const problem = test(value);
    if (problem === undefined) return one(how, how === "newer" ? "written by a newer build; it fits all the same" : "");
    return how === "newer" ? one("newer", `written by a newer build; does not fit at ${problem}`) : one("cold", `does not fit at ${problem}`);
  }));
}

function howRead(reading: VersionReading, { id, hash }: { readonly id: string; readonly hash: string }): "same" | "read" | "read-with-loss" | "migrated" | "newer" | "cold" {
  const { entry } = reading;
  if (hash === entry.hash && id === entry.schema) return "same";
  if (entry.migrates.includes(hash) || entry.migrates.includes(id)) return "migrated";
  if (reading.reads.includes(hash)) return "read";
  if (reading.readsWithLoss.includes(hash)) return "read-with-loss";
  return entry.previous.some((version) => version.hash === hash) || id !== entry.schema ? "cold" : "newer";
}
