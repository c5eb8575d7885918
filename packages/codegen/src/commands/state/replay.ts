// `vango state replay`: recorded values as the new code would read them, migrations included. Nothing is written: what would happen
// to each value is said, and what is wrong with one.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sameIdentity } from "../../state/artifacts/model.js";
import { storeReadings, type VersionReading } from "../../state/artifacts/readings.js";
import { stateError } from "../../state/errors.js";
import { checkOf } from "../../state/schema/validator.js";
import type { Persist } from "./app-persist.js";
import { tryMigrations, type Tried, type TryMigration } from "./try-migrations.js";
import type { StateWorkspace } from "./workspace.js";

/** What becomes of one recorded value. */
export interface Replayed {
  readonly record: string;
  /** The value's name in the store, such as `shared:cart`. */
  readonly name: string;
  readonly outcome: "same" | "read" | "read-with-loss" | "migrated" | "untried" | "newer" | "cold" | "dropped" | "unknown" | "unreadable";
  /** For people. */
  readonly detail: string;
  /** A page would begin without it, or nobody knows. */
  readonly lost?: true;
}

interface Recording {
  readonly record: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Reads recordings from files and folders: an object or a list of them in `.json`, an object a line in `.jsonl`. @throws VangoError `VANGO_STATE_SNAPSHOT` */
export function readRecordings(paths: readonly string[]): readonly Recording[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw stateError("VANGO_STATE_SNAPSHOT", { message: `There is no ${path}.` });
    if (!found.isDirectory()) return recordingsIn(path);
    return readdirSync(path).filter((name) => /\.jsonl?$/.test(name)).sort().flatMap((name) => recordingsIn(join(path, name)));
  });
}

const check = checkOf({
  root: { kind: "array", item: { kind: "object", fields: { record: { type: { kind: "string" } }, values: { type: { kind: "record", key: { kind: "string" }, value: { kind: "string" } } } } } },
  defs: {},
});

function recordingsIn(file: string): readonly Recording[] {
  const text = readFileSync(file, "utf8");
  // empty lines keep their place, so that an error names the line as an editor counts it
  if (file.endsWith(".jsonl")) return text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : recordingsOf(line, `${file}, line ${i + 1}`)));
  return recordingsOf(text, file);
}

function recordingsOf(text: string, at: string): readonly Recording[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw stateError("VANGO_STATE_SNAPSHOT", { message: `${at}: ${(cause as Error).message}.`, at });
  }
  const list = Array.isArray(value) ? value : [value];
  const problem = check(list);
  if (problem !== undefined) throw stateError("VANGO_STATE_SNAPSHOT", { message: `${at}: \`${problem}\` is missing or of the wrong form.`, at });
  return list as readonly Recording[];
}

/** What the current sources make of the recordings. */
export async function replay({ root, entries, next }: StateWorkspace, recordings: readonly Recording[], persist: Persist, secrets: readonly string[]): Promise<readonly Replayed[]> {
  const codec = persist.blobCodec({ secrets });
  const readings = storeReadings(next);
  const files = new Map(entries.map(({ kind, key, file }) => [`${kind}:${key}`, file]));
  const checks = new Map<string, ReturnType<typeof checkOf>>();
  const toTry: { readonly at: number; readonly value: TryMigration }[] = [];
  const replayed = recordings.flatMap(({ record, values }) => Object.entries(values).map(([name, base64]) => ({ record, name, base64 }))).map(({ record, name, base64 }, at): Replayed => {
    const one = (outcome: Replayed["outcome"], detail: string): Replayed => ({ record, name, outcome, detail });
    const lost = (outcome: Replayed["outcome"], detail: string): Replayed => ({ ...one(outcome, detail), lost: true });
    const reading = readings.get(name);
    if (reading === "removed") return one("dropped", "the app has dropped this key");
    if (reading === undefined) return one("unknown", "no build of these artifacts knows this key; it is kept, unread");
    let schema: { readonly id: string; readonly hash: string };
    let payload: Uint8Array;
    let value: unknown;
    try {
      ({ schema, payload } = codec.open(Buffer.from(base64, "base64"), `${record}\n${name}`));
      value = persist.decodeValue(payload);
    } catch (error) {
      return lost("unreadable", (error as Error).message);
    }
    const { entry, type } = reading;
    const how = howRead(reading, schema);
    if (how === "cold") return lost(how, `values of ${schema.id} (${schema.hash}) are not read: the session begins afresh`);
    if (how === "newer" && !sameIdentity(schema.id, entry.schema)) return lost(how, `values of ${schema.id} (${schema.hash}) are of a build that these artifacts do not know`);
    if (how === "migrated") {
      const declared = `${entry.kind}:${entry.key}`;
      toTry.push({ at, value: { name: declared, file: files.get(declared) ?? "", ...schema, payload, type } });
      return one(how, `\`migrate\` of the declaration reads ${schema.id} (${schema.hash})`);
    }
    let test = checks.get(name);
    if (test === undefined) checks.set(name, (test = checkOf(type)));
    const problem = test(value);
    if (problem === undefined) return one(how, how === "newer" ? "written by a newer build; it fits all the same" : "");
    return how === "newer" ? lost("newer", `written by a newer build; does not fit at ${problem}`) : lost("cold", `does not fit at ${problem}`);
  });
  const tried = await tryMigrations(root, toTry.map(({ value }) => value));
  const results = new Map(toTry.map(({ at }, i) => [at, tried[i] as Tried]));
  return replayed.map((one, at) => withResult(one, results.get(at)));
}

function withResult(one: Replayed, tried: Tried | undefined): Replayed {
  if (tried === undefined || tried.outcome === "done") return one;
  return { ...one, lost: true, outcome: tried.outcome === "failed" ? "cold" : "untried", detail: `${one.detail}, ${tried.outcome === "failed" ? "but" : "which was not tried:"} ${tried.why}` };
}

/** As a server with these bindings decides. */
function howRead({ entry, reads, readsWithLoss }: VersionReading, { id, hash }: { readonly id: string; readonly hash: string }): "same" | "read" | "read-with-loss" | "migrated" | "newer" | "cold" {
  const identical = sameIdentity(id, entry.schema);
  const known = entry.previous.some((version) => version.hash === hash);
  if (identical && hash === entry.hash) return "same";
  // A migration named by an id that is still the schema's is for the versions before this one.
  if (entry.migrates.includes(hash) || (entry.migrates.includes(id) && (!identical || known))) return "migrated";
  if (id === "" && hash === "") return "read-with-loss";
  if (!identical) return hash === entry.hash || known ? "cold" : "newer";
  if (reads.includes(hash)) return "read";
  if (readsWithLoss.includes(hash)) return "read-with-loss";
  return known ? "cold" : "newer";
}
