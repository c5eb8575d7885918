// Catalogue of the findings and errors of persisted state. One entry a code; each has a page in docs/errors and a test.
import { VangoError } from "@vango/core";

interface Entry {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

export const STATE_ERRORS = {
  VANGO_STATE_INITIAL: {
    message: "The initial value of persisted state is not constant.",
    why: "A new session, a restored one and the next deploy must begin with the same value; one made of props, time, chance, input or the environment differs.",
    fix: "Write literals, enum members, constants of the same file, arrays, objects, or new Map, Set or Date of those.",
  },
  VANGO_STATE_KEY: {
    message: "The key of persisted state is not known from the source.",
    why: "The key is the name of the value in the store: the plan of a deploy must know every key.",
    fix: 'Write it in quotes: setup.sharedSignal("cart", …). For one value an item, persist a record or Map by the item\'s id.',
  },
  VANGO_STATE_ALIASED: {
    message: "A function of persisted state is used under another name.",
    why: "Declarations are found where they are written; a call under another name would be missing from the artifacts, and throws at run time.",
    fix: 'Call it in place: setup.sharedSignal("key", …), setup.globalSignal("key", …), sessionKey("key", …).',
  },
  VANGO_STATE_OPTIONS: {
    message: "The options of persisted state are not known from the source.",
    why: "The schema id, the scope and the migrations are part of the artifacts, which are made from the source.",
    fix: "Write an object in the call, with schemaId and scope in quotes and the ids of migrate as its keys.",
  },
  VANGO_STATE_TYPE: {
    message: "This type cannot be persisted.",
    why: "Persisted values are data: they are written as bytes, and read by another process and another build.",
    fix: "Persist plain objects, arrays, Map, Set, Date, typed arrays and primitive values; make the rest from them with setup.memo.",
  },
  VANGO_STATE_TYPE_LIMIT: {
    message: "This type is too large to be persisted.",
    why: "A type without end, or of thousands of parts, can neither be kept in the artifacts nor compared in a reasonable time.",
    fix: "Give the value a smaller type, or `unknown` at the place named, and validate it where it is read.",
  },
  VANGO_STATE_EMPTY_TYPE: {
    message: "The type of persisted state is an empty list for ever.",
    why: "An empty array or object says nothing of what it will hold: TypeScript gives it the type never[].",
    fix: 'Say the type: setup.sharedSignal<Item[]>("items", []), or [] as Item[].',
  },
  VANGO_STATE_CONFLICT: {
    message: "Two declarations of one key disagree.",
    why: "The same key is the same state wherever it is declared; with two types or initial values it would depend on which component is first.",
    fix: "Declare it once, in a function that both components call, or give one of them another key.",
  },
  VANGO_STATE_SCHEMA_ID: {
    message: "One schema id names two types.",
    why: "The id is the identity of a type in the store: values of one would be taken for the other.",
    fix: "Give each type its own id: /** @schemaId app:Type:v1 */ above it, or the option schemaId.",
  },
  VANGO_STATE_TSCONFIG: {
    message: "The app's tsconfig.json cannot be used.",
    why: "Types of persisted state are read with the app's own settings.",
    fix: "Correct tsconfig.json in the app's root; `tsc -p .` names the mistake too.",
  },
  VANGO_STATE_ARTIFACT: {
    message: "A generated file of persisted state cannot be used.",
    why: "It is compared with the sources to know what a deploy does; one that is broken, incomplete or edited by hand says nothing reliable.",
    fix: "Take the committed file back (git checkout), or resolve the conflict in favour of the main branch, and run `vango state apply`.",
  },
  VANGO_STATE_STALE: {
    message: "The generated files of persisted state are stale.",
    why: "They differ from what the sources declare, so the review and the server see another state than the code has.",
    fix: "Run `vango state plan`, then `vango state apply`, and commit the files with the change.",
  },
  VANGO_STATE_FINDINGS: {
    message: "The persisted state of the app has mistakes.",
    why: "They are printed above with file, line and fix; while there are any, nothing can be said of a deploy.",
    fix: "Correct them and run the command again.",
  },
  VANGO_STATE_BASELINE: {
    message: "There is nothing to compare with.",
    why: "--against names a commit that git knows, or a folder that holds the generated files.",
    fix: "Name a branch, tag or commit (`--against origin/main`), or a folder; in CI fetch enough history (fetch-depth: 0).",
  },
  VANGO_STATE_ALIAS_KEY: {
    message: "This rename cannot be recorded.",
    why: "A rename leads from a key that the artifacts have and the sources no longer declare to one that the sources declare.",
    fix: "Rename the key in the source first, then run `vango state alias <kind> <old-key> <new-key>`.",
  },
  VANGO_STATE_SNAPSHOT: {
    message: "A recorded value cannot be read.",
    why: "`vango state replay` takes records as `recordingStore` writes them: JSON with the record's id and its values as base64.",
    fix: "Record them again, or name the right file.",
  },
} as const satisfies Record<`VANGO_${string}`, Entry>;

export type StateErrorCode = keyof typeof STATE_ERRORS;

/** Makes an error of this catalogue. `message` is added to the entry's. */
export function stateError(code: StateErrorCode, detail?: { readonly message?: string; readonly at?: string; readonly related?: string; readonly cause?: unknown }): VangoError {
  return new VangoError(code, STATE_ERRORS[code], detail);
}
