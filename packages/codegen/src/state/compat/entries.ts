/**
 * Compares the persisted keys of two builds. Invariants: a deploy is judged against every version of a value that a session may
 * still hold, a rollback against the build that is rolled back to; what `migrate` reads is not cold, what the schema id says is
 * another thing is, whatever its shape; the order of the result depends on keys and paths alone.
 */
import type { StateChange, TypeChange } from "./change.js";
import { judgeTypes } from "./judge.js";
import { STATE_RULES, type KeyRuleId } from "./rules/index.js";
import { fill, type RuleDetails } from "./rules/rule.js";
import { sameIdentity } from "../artifacts/model.js";
import { valueText } from "../schema/print.js";
import type { StateSchema } from "../schema/type.js";
import type { StateEntry } from "../state-entry.js";

/** A version of a value that sessions may still hold. */
export interface StateVersion {
  readonly schema: string;
  readonly hash: string;
  readonly type: StateSchema;
}

/** A persisted key as an earlier build left it: a `StateEntry`, or what its artifacts tell of one. */
export interface BaselineEntry extends StateVersion, Pick<StateEntry, "kind" | "key" | "module" | "aliases"> {
  readonly scope?: "tab" | "browser";
  readonly initial?: string;
  readonly migrates?: readonly string[];
  /** Where it stands, if that is known: a removed key is reported there. */
  readonly file?: string;
  readonly line?: number;
  /** Versions before this one that are younger than the lifetime of a session. */
  readonly earlier?: readonly StateVersion[];
}

/** What a deploy from the baseline to the current sources changes, in the order of keys and paths. Empty: nothing that matters. */
export function judgeEntries(baseline: readonly BaselineEntry[], current: readonly StateEntry[]): StateChange[] {
  const changes: StateChange[] = [];
  const left = new Map(baseline.map((entry) => [idOf(entry), entry]));
  const fresh: StateEntry[] = [];
  for (const entry of current) {
    const before = take(left, idOf(entry)) ?? entry.aliases.map((alias) => take(left, idOf({ ...entry, key: alias }))).find((found) => found !== undefined);
    if (before === undefined) fresh.push(entry);
    else changes.push(...new KeyJudgement(before, entry).changes());
  }
  for (const entry of fresh) {
    const moved = [...left.values()].find((other) => other.key === entry.key);
    if (moved === undefined) changes.push(keyChange("key-added", entry));
    else {
      left.delete(idOf(moved));
      changes.push(keyChange("key-kind-changed", entry, { from: moved.kind, to: entry.kind }));
    }
  }
  for (const entry of left.values()) changes.push(keyChange(entry.type.deprecated ? "key-removed-deprecated" : "key-removed", entry));
  return changes.sort((a, b) => compare(a.kind, b.kind) || compare(a.key, b.key) || compare(a.path, b.path) || compare(a.rule, b.rule));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const idOf = ({ kind, key }: Pick<StateEntry, "kind" | "key">): string => `${kind} ${key}`;

function take<T>(from: Map<string, T>, id: string): T | undefined {
  const found = from.get(id);
  from.delete(id);
  return found;
}

type Placed = Pick<BaselineEntry, "kind" | "key" | "module" | "file" | "line">;

function keyChange(rule: KeyRuleId, entry: Placed, details: RuleDetails = {}): StateChange {
  const { deploy, rollback, message, fix } = STATE_RULES[rule];
  const texts = { kind: entry.kind, Kind: entry.kind[0]?.toUpperCase() + entry.kind.slice(1), key: entry.key, ...details };
  return { rule, path: "", deploy, rollback, message: fill(message, texts), fix: fix === null ? null : fill(fix, texts), ...placeOf(entry) };
}

/** Of a key that is gone, the module is all that may be known. */
const placeOf = ({ kind, key, module, file, line }: Placed): Pick<StateChange, "kind" | "key" | "file" | "line"> => ({ kind, key, file: file ?? module, line: line ?? 1 });

/** One key, before and after. */
class KeyJudgement {
  constructor(private readonly before: BaselineEntry, private readonly after: StateEntry) {}

  changes(): StateChange[] {
    return [...this.#key(), ...this.#identity(), ...this.#migrations(), ...this.#baselineType(), ...this.#earlierTypes()];
  }

  #add(rule: KeyRuleId, details: RuleDetails = {}): StateChange {
    return keyChange(rule, this.after, details);
  }

  *#key(): Generator<StateChange> {
    const { before, after } = this;
    if (before.key !== after.key) yield this.#add("key-renamed", { old: before.key });
    for (const alias of before.aliases) if (alias !== after.key && !after.aliases.includes(alias)) yield this.#add("key-alias-removed", { old: alias });
    const [was, is] = [before.scope ?? "tab", after.scope ?? "tab"];
    if (was !== is) yield this.#add(is === "browser" ? "key-scope-widened" : "key-scope-narrowed");
    if (before.module !== after.module) yield this.#add("key-moved", { from: before.module, to: after.module });
    if (before.initial !== undefined && before.initial !== after.initial) yield this.#add("initial-changed", { from: before.initial, to: after.initial });
    if (!before.type.deprecated && after.type.deprecated) yield this.#add("key-deprecated");
  }

  *#identity(): Generator<StateChange> {
    const { before, after } = this;
    if (this.#sameIdentity(before)) return;
    const change = this.#add(identityRule(before.schema, after.schema), { from: before.schema, to: after.schema });
    yield this.#isMigrated(before) ? readByMigration(change) : change;
  }

  *#migrations(): Generator<StateChange> {
    const { before, after } = this;
    const versions = [before, ...(before.earlier ?? [])];
    for (const id of new Set(versions.filter((version) => this.#isMigrated(version)).map(({ schema }) => schema))) yield this.#add("migrated", { from: id });
    if (after.migrates.length > 0) {
      for (const version of versions) if (!this.#isMigrated(version) && !this.#reads(version)) yield this.#add("migrate-incomplete", { from: this.#nameOf(version) });
    }
    for (const id of before.migrates ?? []) if (!after.migrates.includes(id)) yield this.#add("migrate-removed", { from: id });
  }

  *#baselineType(): Generator<StateChange> {
    const { before, after } = this;
    const migrated = this.#isMigrated(before);
    for (const change of judgeTypes(before.type, after.type, before.schema)) yield this.#typeChange(migrated ? readByMigration(change) : change);
  }

  /** What a session may still hold from before the baseline: only the deploy meets it. */
  *#earlierTypes(): Generator<StateChange> {
    const { before, after } = this;
    for (const version of before.earlier ?? []) {
      if (version.hash === before.hash && version.schema === before.schema) continue;
      if (this.#isMigrated(version)) continue;
      const held = `Sessions may still hold ${this.#nameOf(version)}. `;
      if (!this.#sameIdentity(version)) yield withNote(this.#add(identityRule(version.schema, after.schema), { from: version.schema, to: after.schema }), held);
      for (const change of judgeTypes(version.type, after.type, version.schema)) {
        if (change.deploy !== "warm") yield { ...withNote(this.#typeChange(change), held), rollback: "warm" };
      }
    }
  }

  #typeChange({ proof, ...change }: TypeChange): StateChange {
    const { deploy } = change;
    const shown = deploy === "cold" && proof?.deploy !== undefined ? proof.deploy : proof?.rollback;
    const has = proof !== undefined && (deploy === "cold" ? "deploy" in proof : "rollback" in proof);
    const side = deploy === "cold" ? "An old value that shows it" : "A new value that the old code refuses";
    return { ...change, message: has ? `${change.message} ${side}: ${valueText(shown)}` : change.message, ...placeOf(this.after) };
  }

  #isMigrated({ schema, hash }: StateVersion): boolean {
    const { migrates } = this.after;
    // The id of today's values is no old one, unless the shape changed under it.
    return hash !== this.after.hash || schema !== this.after.schema ? migrates.includes(hash) || migrates.includes(schema) : false;
  }

  #reads(version: StateVersion): boolean {
    return this.#sameIdentity(version) && judgeTypes(version.type, this.after.type).every(({ deploy }) => deploy !== "cold");
  }

  /** A type without a name is known by its key: moving the declaration, or renaming it by an alias, makes it no other. */
  #sameIdentity({ schema }: StateVersion): boolean {
    return sameIdentity(schema, this.after.schema);
  }

  #nameOf({ schema, hash }: StateVersion): string {
    return schema === this.after.schema || schema === this.before.schema ? `${schema} (${hash})` : schema;
  }
}

const isDerived = (schema: string): boolean => schema.includes("#");

function identityRule(before: string, after: string): KeyRuleId {
  if (isDerived(before)) return isDerived(after) ? "type-moved" : "schema-id-added";
  return isDerived(after) ? "schema-id-removed" : "schema-id-changed";
}

/** Its advice, to write a migration, is followed already; what remains is the rollback, which the checklist treats. */
const readByMigration = <T extends TypeChange | StateChange>(change: T): T => ({ ...change, deploy: "warm", fix: null });

const withNote = (change: StateChange, note: string): StateChange => ({ ...change, message: `${note}${change.message}`, rollback: "warm" });
