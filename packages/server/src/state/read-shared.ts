/**
 * A record that several processes write, as this build reads it. The builds of a rolling deploy share it, so nothing of another
 * build is removed: a former name stays for who still uses it, and a value that only a newer build can read is not written over.
 */
import type { OpenedBlob, SessionRecord } from "@vango/persist";
import type { Migrations } from "@vango/core/internal";
import { sameIdentity, type DeclaredValue } from "./declared.js";
import { migrated } from "./migration.js";
import { globalRecord, keyOf } from "./names.js";
import { unusable } from "./read-values.js";
import type { SharedHost } from "./shared-records.js";

/** What asks for a value, and how it reads former versions. */
interface Asked {
  readonly name: string;
  readonly migrate: Migrations | undefined;
}

export class SharedValues {
  /** That this build can read, by present name. */
  readonly values = new Map<string, unknown>();
  /** Values of former versions or names that are to be written as this build's. */
  readonly upgrades = new Set<string>();
  /** Values that a migration reads. */
  readonly old = new Map<string, OpenedBlob>();
  /** Values that a newer build has written and this one cannot read. */
  readonly newer = new Set<string>();

  /** Runs the migration of a value that has waited for its declaration. True: there is something to write. */
  migrate(host: SharedHost, { name, migrate }: Asked): boolean {
    const old = this.old.get(name);
    const of = host.declared?.find(name);
    if (old === undefined || of === undefined) return false;
    this.old.delete(name);
    const result = migrated(host.codec, of, old, migrate);
    if ("error" in result) {
      host.lost(result.error);
      return false;
    }
    this.values.set(name, result.value);
    this.upgrades.add(name);
    return true;
  }

  wrote(name: string, value: unknown): void {
    this.values.set(name, value);
    this.upgrades.delete(name);
    this.old.delete(name);
  }
}

/** Values for a migration wait for the declaration that has it. */
export async function readShared(host: SharedHost, id: string, record: SessionRecord | null): Promise<SharedValues> {
  const found = new SharedValues();
  const { declared } = host;
  for (const [stored, blob] of record?.values ?? []) {
    const of = declared?.known(stored);
    // A former name counts where the present one has no value.
    if (of === undefined || stored === of.name || (!(record?.values.has(of.name) ?? false) && newestFormer(host, of, record) === stored)) readInto(found, host, id, stored, of, blob);
  }
  if (declared !== undefined && record === null && id.startsWith(globalRecord(""))) await readFormerGlobal(found, host, `global:${keyOf(id)}`);
  return found;
}

function newestFormer({ declared }: SharedHost, of: DeclaredValue, record: SessionRecord | null): string | undefined {
  return declared?.formerNames(of).find((name) => record?.values.has(name));
}

/** A value of the app has a record of its own, so a former key is another record, which stays for the builds that use it. */
async function readFormerGlobal(found: SharedValues, host: SharedHost, name: string): Promise<void> {
  const of = host.declared?.find(name);
  if (of === undefined) return;
  for (const former of host.declared?.formerNames(of) ?? []) {
    const id = globalRecord(keyOf(former));
    const record = await host.store.load(id);
    const blob = record?.values.get(former);
    if (blob === undefined) continue;
    return readInto(found, host, id, former, of, blob);
  }
}

function readInto(found: SharedValues, host: SharedHost, id: string, stored: string, of: DeclaredValue | undefined, bytes: Uint8Array): void {
  const { codec, declared } = host;
  try {
    const blob = codec.open(id, stored, bytes);
    if (declared === undefined) {
      found.values.set(stored, codec.value(stored, blob));
      return;
    }
    if (of !== undefined) accept(found, host, stored, of, blob);
  } catch (error) {
    // One value that cannot be read is as if it was not there; the next write of it replaces it.
    host.unreadable(error);
  }
}

function accept(found: SharedValues, host: SharedHost, stored: string, of: DeclaredValue, blob: OpenedBlob): void {
  const { name, binding } = of;
  const as = host.declared?.reading(stored, blob.schema).as;
  if (as === "migrates") {
    found.old.set(name, blob);
    return;
  }
  if (as === "cold") return host.lost(unusable(binding.key, "An earlier version wrote it."));
  const value = host.codec.value(stored, blob);
  const problem = as === "same" ? undefined : as === "newer" && !sameIdentity(blob.schema.id, binding.schema) ? "of another schema" : binding.check(value);
  if (problem === undefined) {
    found.values.set(name, value);
    if (stored !== name || as === "reads" || as === "lossy") found.upgrades.add(name);
  } else if (as === "newer") {
    found.newer.add(name);
    host.lost(unusable(binding.key, "A newer version wrote it."));
  } else host.lost(unusable(binding.key, `It does not fit at ${problem}.`));
}
