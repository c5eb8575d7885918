/**
 * A session's record as this build reads it: its values, what other builds have left in it, and the verdict over all of it.
 * Invariants: nothing is decided by a value that is not authenticated; what this build does not know is kept byte for byte; a value
 * of another version is handed out only when it fits the declaration.
 */
import { PersistError, type BlobSchema, type OpenedBlob, type SessionRecord } from "@vango/persist";
import { sameIdentity, type Declared, type DeclaredValue } from "./declared.js";
import { keyOf } from "./names.js";
import type { RecordCodec } from "./record-codec.js";

/** A stored value that is not handed out as it is, and the name it is stored under. */
export interface OldValue extends OpenedBlob {
  readonly stored: string;
}

/** What other builds have left in a record. Plain data: it goes between processes. */
export interface Others {
  /** Values that are kept under the schema of their writer until this build writes them, by name. */
  readonly schemas: Map<string, BlobSchema>;
  /** Values for a migration, and values that could not be used, by the name that they have now. */
  readonly old: Map<string, OldValue>;
  /** Of names that this build does not know. */
  readonly unknown: Map<string, OpenedBlob>;
}

/** Values of a session by their present names. */
export interface StateValues {
  readonly values: ReadonlyMap<string, unknown>;
  readonly others: Others | undefined;
}

export const NO_STATE: StateValues = { values: new Map(), others: undefined };

/** Whether anything would be lost with it. */
export const hasState = ({ values, others }: StateValues): boolean => values.size > 0 || others !== undefined;

/** A record that can be read. */
export interface Readable extends StateValues {
  readonly as: "readable";
  /** Values of former versions and names, which the next commit writes as this build's. */
  readonly upgrades: readonly string[];
  /** Stored names that go with the same commit. */
  readonly gone: readonly string[];
  /** What is not there any more, or could not be used. */
  readonly lost: readonly PersistError[];
}

/**
 * `cold`: a value of an earlier build that this one cannot read. `newer`: one of a build that this one has not heard of, and that
 * does not fit. `keys`: whose.
 */
export type RecordReading = Readable | { readonly as: "cold" | "newer"; readonly keys: readonly string[] };

/** @throws BlobError when something in it is not what an app with this secret has written there */
export function readValues(codec: RecordCodec, declared: Declared | undefined, id: string, record: SessionRecord): RecordReading {
  if (declared === undefined) return { ...NOTHING_ELSE, values: allValues(codec, id, record) };
  const reader = new Reader(codec, declared, record);
  for (const [stored, blob] of record.values) reader.read(stored, codec.open(id, stored, blob));
  return reader.result();
}

const NOTHING_ELSE = { as: "readable", others: undefined, upgrades: [], gone: [], lost: [] } as const;

function allValues(codec: RecordCodec, id: string, record: SessionRecord): ReadonlyMap<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [name, blob] of record.values) all.set(name, codec.value(name, codec.open(id, name, blob)));
  return all;
}

export const noOthers = (): Others => ({ schemas: new Map(), old: new Map(), unknown: new Map() });

class Reader {
  readonly #values = new Map<string, unknown>();
  #others: Others | undefined = undefined;
  readonly #upgrades: string[] = [];
  readonly #gone: string[] = [];
  readonly #lost: PersistError[] = [];
  readonly #cold: string[] = [];
  readonly #newer: string[] = [];

  constructor(
    readonly codec: RecordCodec,
    readonly declared: Declared,
    readonly record: SessionRecord,
  ) {}

  result(): RecordReading {
    // A newer build may have made a cold change: it has the last word over its own record.
    if (this.#newer.length > 0) return { as: "newer", keys: this.#newer };
    if (this.#cold.length > 0) return { as: "cold", keys: this.#cold };
    return { as: "readable", values: this.#values, others: this.#others, upgrades: this.#upgrades, gone: this.#gone, lost: this.#lost };
  }

  read(stored: string, blob: OpenedBlob): void {
    const { as, of } = this.declared.reading(stored, blob.schema);
    if (of === undefined) {
      if (as === "unknown") this.#mine().unknown.set(stored, blob);
      else this.#drop(stored, "The app has dropped this key.");
      return;
    }
    if (this.#superseded(stored, of)) return this.#drop(stored, "A value of the key's present name is there too.");
    const { name, binding } = of;
    switch (as) {
      case "migrates":
        this.#mine().old.set(name, { ...blob, stored });
        return;
      case "cold":
        this.#cold.push(binding.key);
        return;
      case "same":
        this.#values.set(name, this.codec.value(stored, blob));
        if (stored !== name) this.#rename(stored, name);
        return;
    }
    const value = this.codec.value(stored, blob);
    const problem = as === "newer" && !sameIdentity(blob.schema.id, binding.schema) ? "of another schema" : binding.check(value);
    if (problem === undefined) {
      this.#values.set(name, value);
      // What a newer build has written stays its own until this one has something else to say.
      if (as === "newer") this.#mine().schemas.set(name, blob.schema);
      else {
        this.#upgrades.push(name);
        if (stored !== name) this.#rename(stored, name);
      }
    } else if (as === "newer") this.#newer.push(binding.key);
    else {
      this.#mine().old.set(name, { ...blob, stored });
      this.#lost.push(unusable(binding.key, `It does not fit at ${problem}.`));
    }
  }

  /** A former name counts only where neither the present one nor a later former one has a value. */
  #superseded(stored: string, of: DeclaredValue): boolean {
    if (stored === of.name) return false;
    const { values } = this.record;
    if (values.has(of.name)) return true;
    const later = this.declared.formerNames(of);
    return later.slice(0, later.indexOf(stored)).some((name) => values.has(name));
  }

  #rename(stored: string, name: string): void {
    this.#gone.push(stored);
    if (!this.#upgrades.includes(name)) this.#upgrades.push(name);
  }

  #drop(stored: string, why: string): void {
    this.#gone.push(stored);
    this.#lost.push(unusable(keyOf(stored), why));
  }

  #mine(): Others {
    return (this.#others ??= noOthers());
  }
}

/** A stored value that is not used. */
export function unusable(key: string, message: string, cause?: unknown): PersistError {
  return new PersistError("codec", { key, message, ...(cause === undefined ? {} : { cause }) }, "VANGO_PERSIST_SCHEMA");
}
