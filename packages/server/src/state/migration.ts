/**
 * Runs a declaration's migration on a value that an earlier build has written. Whatever the function does, the outcome is a value
 * that fits the declaration, or an error that says why there is none; the stored value is not touched here.
 */
import { untrack } from "@vango/core";
import type { Migrations } from "@vango/core/internal";
import type { OpenedBlob, PersistError } from "@vango/persist";
import type { DeclaredValue } from "./declared.js";
import type { RecordCodec } from "./record-codec.js";
import { unusable } from "./read-values.js";

export type Migrated = { readonly value: unknown } | { readonly error: PersistError };

export function migrated(codec: RecordCodec, { binding, name }: DeclaredValue, blob: OpenedBlob, migrate: Migrations | undefined): Migrated {
  const { key } = binding;
  const { id, hash } = blob.schema;
  const fn = own(migrate, hash) ?? own(migrate, id);
  if (fn === undefined) return { error: unusable(key, `The declaration has no migration for ${JSON.stringify(id)} (${hash}).`) };
  try {
    const old = codec.value(name, blob);
    const value = untrack(() => fn(old));
    const problem = binding.check(value);
    return problem === undefined ? { value } : { error: unusable(key, `What the migration gave does not fit at ${problem}.`) };
  } catch (cause) {
    return { error: unusable(key, `The migration threw: ${cause instanceof Error ? cause.message : String(cause)}.`, cause) };
  }
}

function own(migrate: Migrations | undefined, name: string): Migrations[string] | undefined {
  return migrate !== undefined && Object.hasOwn(migrate, name) ? migrate[name] : undefined;
}
