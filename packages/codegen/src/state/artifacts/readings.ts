// How values of each version of each key are read: the part of the bindings that takes judging, by the names of the store.
import type { Severity } from "../compat/change.js";
import { judgeTypes } from "../compat/judge.js";
import type { StateSchema } from "../schema/type.js";
import { sameIdentity, typeOf, type ManifestEntry, type StateArtifacts } from "./model.js";

export interface VersionReading {
  readonly entry: ManifestEntry;
  readonly type: StateSchema;
  /** Hashes of earlier versions whose values are read as they are. */
  readonly reads: readonly string[];
  readonly readsWithLoss: readonly string[];
}

/** A type of another identity is not read, whatever it looks like. */
export function readingOf(entry: ManifestEntry, artifacts: StateArtifacts): VersionReading {
  const type = typeOf(artifacts, entry);
  if (type === undefined) throw new TypeError(`The schemas have no version ${entry.hash} of ${entry.schema}.`);
  const found: Record<Severity, string[]> = { warm: [], "warm-with-loss": [], cold: [] };
  for (const version of entry.previous) {
    const from = sameIdentity(version.schema, entry.schema) ? typeOf(artifacts, version) : undefined;
    if (from !== undefined) found[worst(from, type)].push(version.hash);
  }
  return { entry, type, reads: found.warm, readsWithLoss: found["warm-with-loss"] };
}

/** By name in the store, former names included. */
export function storeReadings(artifacts: StateArtifacts): ReadonlyMap<string, VersionReading | "removed"> {
  const all = new Map<string, VersionReading | "removed">();
  const prefix = ({ kind, scope }: Pick<ManifestEntry, "kind" | "scope">): string => (kind === "session" && scope === "browser" ? "browser" : kind);
  for (const { kind, key } of artifacts.manifest.removed) all.set(`${kind}:${key}`, "removed");
  for (const entry of artifacts.manifest.entries) {
    const reading = readingOf(entry, artifacts);
    for (const key of [...entry.aliases, entry.key]) all.set(`${prefix(entry)}:${key}`, reading);
  }
  return all;
}

const judged = new Map<string, Severity>();

/** How values of one type are read as another: the worst of what has changed. */
function worst(from: StateSchema, to: StateSchema): Severity {
  const pair = `${JSON.stringify(from)} ${JSON.stringify(to)}`;
  let severity = judged.get(pair);
  if (severity === undefined) {
    const severities = judgeTypes(from, to).map(({ deploy }) => deploy);
    severity = severities.includes("cold") ? "cold" : severities.includes("warm-with-loss") ? "warm-with-loss" : "warm";
    judged.set(pair, severity);
  }
  return severity;
}
