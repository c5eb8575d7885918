// What the committed artifacts hold: an app's persisted state as its last `vango state apply` saw it, and the versions before.
// Invariants: the shapes of contract.d.ts with more fields; a version that once stood here is never forgotten, because a value of
// it may still lie in a store; the bindings follow from the other two.
import type { StateKind } from "../compat/change.js";
import type { StateSchema } from "../schema/type.js";

export const MANIFEST_FILE = "vango_state_manifest.json";
export const SCHEMA_FILE = "vango_state_schema.json";
export const BINDINGS_FILE = "vango_state_bindings_gen.ts";
export const ACK_FILE = "vango_cold_deploy_ack.json";

/** A version of a value's type: which schema, and its hash then. */
export interface VersionRef {
  readonly schema: string;
  readonly hash: string;
}

export interface ManifestEntry extends VersionRef {
  readonly kind: StateKind;
  readonly key: string;
  /** Of a session key. */
  readonly scope?: "tab" | "browser";
  readonly module: string;
  /** Former keys, oldest first. */
  readonly aliases: readonly string[];
  /** The initial value, as an expression. */
  readonly initial: string;
  /** Schema ids and hashes that the declaration migrates. */
  readonly migrates: readonly string[];
  /** Versions of this key before, oldest first. */
  readonly previous: readonly VersionRef[];
}

/** A key that is declared no more. */
export interface RemovedEntry {
  readonly kind: StateKind;
  readonly key: string;
  /** All its versions, oldest first. */
  readonly previous: readonly VersionRef[];
}

/** A rename that `vango state alias` recorded. */
export interface AliasRecord {
  readonly kind: StateKind;
  readonly from: string;
  readonly to: string;
}

/** vango_state_manifest.json. */
export interface StateManifest {
  readonly version: 1;
  /** Sorted by kind and key. */
  readonly entries: readonly ManifestEntry[];
  readonly removed: readonly RemovedEntry[];
  /** In the order in which they were made. */
  readonly aliases: readonly AliasRecord[];
}

export interface SchemaVersions {
  readonly hash: string;
  readonly type: StateSchema;
  /** Hashes of earlier versions, oldest first. */
  readonly previous: readonly string[];
  /** Their types. */
  readonly versions: Readonly<Record<string, StateSchema>>;
}

/** vango_state_schema.json. */
export interface StateSchemas {
  readonly version: 1;
  readonly fingerprint: string;
  /** By schema id, sorted. */
  readonly schemas: Readonly<Record<string, SchemaVersions>>;
}

/** vango_cold_deploy_ack.json: the cold changes that someone has accepted. */
export interface ColdAck {
  readonly version: 1;
  /** Fingerprints. */
  readonly from: string;
  readonly to: string;
  /** Sorted; each as `changeText` says it. */
  readonly changes: readonly string[];
}

export interface StateArtifacts {
  readonly manifest: StateManifest;
  readonly schemas: StateSchemas;
}

/** The type of a version; undefined when the artifacts do not have it. */
export function typeOf({ schemas }: Pick<StateArtifacts, "schemas">, { schema, hash }: VersionRef): StateSchema | undefined {
  const found = Object.hasOwn(schemas.schemas, schema) ? schemas.schemas[schema] : undefined;
  if (found === undefined) return undefined;
  return found.hash === hash ? found.type : Object.hasOwn(found.versions, hash) ? found.versions[hash] : undefined;
}

export const sameVersion = (a: VersionRef, b: VersionRef): boolean => a.schema === b.schema && a.hash === b.hash;

/** A type without a name: its id is the key's, `#kind:key`. */
export const isAnonymous = (schema: string): boolean => schema.startsWith("#");

/** Two ids of one type: equal, or both of types that have no name. */
export const sameIdentity = (a: string, b: string): boolean => a === b || (isAnonymous(a) && isAnonymous(b));
