/**
 * Persisted values for a page that only renders (a GET, or the loaders of a join): read, migrated where an earlier build has
 * written them, and never written. What cannot be used is reported when the page joins, not here.
 */
import type { Migrations, PersistPort } from "@vango/core/internal";
import { migrated } from "./migration.js";
import type { AppState } from "./app-state.js";
import type { StateValues } from "./read-values.js";

/** Undefined: the page's cells have their own values, and no app has declared which there may be. */
export function readOnly({ declared, codec }: Pick<AppState, "declared" | "codec">, state: StateValues | undefined): PersistPort | undefined {
  return declared === undefined && state === undefined ? undefined : new ReadOnly(declared, codec, state);
}

class ReadOnly implements PersistPort {
  constructor(
    private readonly declared: AppState["declared"],
    private readonly codec: AppState["codec"],
    private readonly state: StateValues | undefined,
  ) {}

  restored(name: string, migrate: Migrations | undefined): { readonly value: unknown } | undefined {
    const { declared, state } = this;
    const of = declared?.get(name);
    if (state?.values.has(name) === true) return { value: state.values.get(name) };
    const old = state?.others?.old.get(name);
    if (of === undefined || old === undefined || declared?.reading(old.stored, old.schema).as !== "migrates") return undefined;
    const result = migrated(this.codec, of, old, migrate);
    return "value" in result ? result : undefined;
  }

  check(): void {
    // A page that renders writes nothing.
  }

  keep(): void {
    // Nor has it anything to keep.
  }
}
