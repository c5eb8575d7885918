// The artifacts that follow from the sources and from the artifacts before. Invariant: a fixed point: what it gives, given back to
// it with the same sources, comes out the same, so that stale artifacts are seen by comparing texts.
import { byCodeUnits, canonical, hashOf } from "../schema/canonical.js";
import type { StateSchema } from "../schema/type.js";
import type { StateEntry } from "../state-entry.js";
import { sameVersion, typeOf, type AliasRecord, type ManifestEntry, type RemovedEntry, type SchemaVersions, type StateArtifacts, type VersionRef } from "./model.js";

export const NO_ARTIFACTS: StateArtifacts = {
  manifest: { version: 1, entries: [], removed: [], aliases: [] },
  schemas: { version: 1, fingerprint: fingerprintOf([]), schemas: {} },
};

/** Of all that decides whether two builds read each other's records as they are. */
export function fingerprintOf(entries: readonly Pick<ManifestEntry, "kind" | "key" | "scope" | "schema" | "hash">[]): string {
  const list = entries.map(({ kind, key, scope = "", schema, hash }) => [kind, key, scope, schema, hash]);
  return hashOf(canonical(list.sort((a, b) => byCodeUnits(canonical(a), canonical(b)))));
}

const nameOf = ({ kind, key }: { readonly kind: string; readonly key: string }): string => `${kind}:${key}`;

/** `entries` as extraction gives them; `before`: what is on disk. */
export function nextArtifacts(entries: readonly StateEntry[], before: StateArtifacts): StateArtifacts {
  const sorted = [...entries].sort((a, b) => byCodeUnits(a.kind, b.kind) || byCodeUnits(a.key, b.key));
  const declared = new Set(sorted.map(nameOf));
  // a former key that is declared again is a key of its own
  const aliases = before.manifest.aliases.filter(({ kind, from, to }) => !declared.has(nameOf({ kind, key: from })) && declared.has(nameOf({ kind, key: lastName(before.manifest.aliases, kind, to) })));
  const known = new Map<string, readonly VersionRef[]>([
    ...before.manifest.removed.map((entry) => [nameOf(entry), entry.previous] as const),
    ...before.manifest.entries.map((entry) => [nameOf(entry), [...entry.previous, { schema: entry.schema, hash: entry.hash }]] as const),
  ]);
  const manifest: ManifestEntry[] = sorted.map((entry) => {
    const names = formerKeys(aliases, entry);
    const now = { schema: entry.schema, hash: entry.hash };
    const versions = [...names, entry.key].flatMap((key) => known.get(nameOf({ kind: entry.kind, key })) ?? []);
    return {
      kind: entry.kind, key: entry.key, ...(entry.scope === undefined ? {} : { scope: entry.scope }), ...now,
      module: entry.module, initial: entry.initial, aliases: names, migrates: [...entry.migrates], previous: distinct(versions).filter((version) => !sameVersion(version, now)),
    };
  });
  const renamed = new Set(manifest.flatMap((entry) => entry.aliases.map((key) => nameOf({ kind: entry.kind, key }))));
  const removed: RemovedEntry[] = [...before.manifest.removed, ...before.manifest.entries]
    .filter((entry) => !declared.has(nameOf(entry)) && !renamed.has(nameOf(entry)))
    .map(({ kind, key }) => ({ kind, key, previous: known.get(nameOf({ kind, key })) ?? [] }))
    .sort((a, b) => byCodeUnits(a.kind, b.kind) || byCodeUnits(a.key, b.key));
  return {
    manifest: { version: 1, entries: manifest, removed, aliases },
    schemas: { version: 1, fingerprint: fingerprintOf(manifest), schemas: schemasOf(sorted, [...manifest, ...removed].flatMap(({ previous }) => previous), before) },
  };
}

/** Former keys of an entry, oldest first; renames of renames included. */
function formerKeys(aliases: readonly AliasRecord[], { kind, key }: Pick<StateEntry, "kind" | "key">): readonly string[] {
  return [...new Set(aliases.filter((alias) => alias.kind === kind && lastName(aliases, kind, alias.to) === key).map(({ from }) => from))];
}

/** What a key is called in the end. */
function lastName(aliases: readonly AliasRecord[], kind: string, key: string): string {
  let name = key;
  for (let steps = 0; steps <= aliases.length; steps++) {
    const next = aliases.find((alias) => alias.kind === kind && alias.from === name);
    if (next === undefined) return name;
    name = next.to;
  }
  return name;
}

function distinct(versions: readonly VersionRef[]): readonly VersionRef[] {
  return versions.filter((version, i) => !versions.slice(i + 1).some((later) => sameVersion(version, later)));
}

/** Every schema that is declared or that a version refers to. */
function schemasOf(entries: readonly StateEntry[], versions: readonly VersionRef[], before: StateArtifacts): Readonly<Record<string, SchemaVersions>> {
  const current = new Map<string, { readonly hash: string; readonly type: StateSchema }>(entries.map(({ schema, hash, type }) => [schema, { hash, type }]));
  const ids = new Set([...current.keys(), ...versions.map(({ schema }) => schema)]);
  const all: [string, SchemaVersions][] = [];
  for (const id of [...ids].sort(byCodeUnits)) {
    const old = Object.hasOwn(before.schemas.schemas, id) ? before.schemas.schemas[id] : undefined;
    const now = current.get(id) ?? old;
    if (now === undefined) continue; // a version that no artifact holds: `vango state verify` says so
    const wanted = new Set(versions.filter(({ schema, hash }) => schema === id && hash !== now.hash).map(({ hash }) => hash));
    const ordered = [...(old?.previous ?? []), ...(old === undefined ? [] : [old.hash]), ...wanted].filter((hash) => wanted.has(hash));
    const previous = [...new Set(ordered.reverse())].reverse();
    const types = previous.flatMap((hash) => {
      const type = typeOf(before, { schema: id, hash });
      return type === undefined ? [] : [[hash, type] as const];
    });
    all.push([id, { hash: now.hash, type: now.type, previous, versions: Object.fromEntries(types) }]);
  }
  return Object.fromEntries(all);
}
