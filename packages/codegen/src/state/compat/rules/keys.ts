/** Rules for the keys of an app: which there are, whose they are, which identity their types have, what migrates. */
import type { RuleGroup } from "./rule.js";

const NOT_READ = "The old code does not know the new place: it starts from its initial value, and leaves the new record alone.";
const ID = "A schema id says what a value means. Values of another id are not read, even if they have the same shape, unless `migrate` reads them.";
const ID_BACK = "The old code does not know the new id: it leaves the records alone and starts a fresh session.";

export const KEY_RULES = {
  "key-added": {
    title: "Persisted state was added", deploy: "warm", rollback: "warm",
    message: "{Kind} state `{key}` was added.", fix: null,
    why: { deploy: "Old sessions resume, and start the new state from its initial value.", rollback: "The old code does not know the key. It keeps what it finds there, unread." },
  },
  "key-removed": {
    title: "Persisted state was removed", deploy: "cold", rollback: "warm",
    message: "{Kind} state `{key}` was removed.",
    fix: "If it was renamed: `vango state alias {kind} {key} <new key>`. If it goes: mark it `@deprecated` in one deploy and remove it in the next.",
    why: { deploy: "What users have there is let go, and nobody was told before: it has to be announced, or accepted. Sessions resume without it, and they are told then.", rollback: "The old code starts from its initial value." },
  },
  "key-removed-deprecated": {
    title: "Announced state was removed", deploy: "warm-with-loss", rollback: "warm",
    message: "{Kind} state `{key}`, which was `@deprecated`, was removed.", fix: null,
    why: { deploy: "Sessions resume without it, and what is let go is reported.", rollback: "The old code starts from its initial value." },
  },
  "key-deprecated": {
    title: "Persisted state was marked `@deprecated`", deploy: "warm", rollback: "warm",
    message: "{Kind} state `{key}` is now `@deprecated`: its removal is announced.", fix: "Remove it once no session that matters holds it: records live 24 h after the last visit.",
    why: { deploy: "The mark says nothing about values.", rollback: "The mark says nothing about values." },
  },
  "key-renamed": {
    title: "Persisted state was renamed, by an alias", deploy: "warm", rollback: "warm-with-loss",
    message: "{Kind} state `{old}` is now `{key}`.", fix: "Keep the alias for as long as old records live: 24 h after the last visit.",
    why: { deploy: "The new code reads what is stored under the old key.", rollback: "The old code looks under the old key. The value has moved to the new one where the new code ran: there the old code starts from its initial value." },
  },
  "key-alias-removed": {
    title: "An alias was removed", deploy: "warm-with-loss", rollback: "warm",
    message: "{Kind} state `{key}` no longer reads what is stored under `{old}`.", fix: "Keep the alias until 24 h after the deploy that brought it.",
    why: { deploy: "Sessions that were not seen since the renaming have their value under the old key only.", rollback: "The old code reads both keys." },
  },
  "key-kind-changed": {
    title: "Persisted state changed its kind", deploy: "cold", rollback: "warm",
    message: "`{key}` was {from} state and is {to} state.", fix: "Give the new state a key of its own, and keep the old one, `@deprecated`, for one deploy.",
    why: { deploy: "State of a session, of a tab and of the app are stored apart: what is stored is not found any more.", rollback: NOT_READ },
  },
  "key-scope-widened": {
    title: "A session key of one tab became one of the browser", deploy: "cold", rollback: "warm",
    message: "`{key}` had scope \"tab\" and has scope \"browser\".", fix: "Give the new state a key of its own, and keep the old one, `@deprecated`, for one deploy.",
    why: { deploy: "The values of the tabs are stored apart, and nobody can say which of them the browser's is.", rollback: NOT_READ },
  },
  "key-scope-narrowed": {
    title: "A session key of the browser became one of a tab", deploy: "cold", rollback: "warm",
    message: "`{key}` had scope \"browser\" and has scope \"tab\".", fix: "Give the new state a key of its own, and keep the old one, `@deprecated`, for one deploy.",
    why: { deploy: "The browser's value is stored apart from those of its tabs, and is not found any more.", rollback: NOT_READ },
  },
  "key-moved": {
    title: "A declaration moved to another file", deploy: "warm", rollback: "warm",
    message: "{Kind} state `{key}` moved from {from} to {to}.", fix: null,
    why: { deploy: "A value is stored under its key: the file is not part of it.", rollback: "A value is stored under its key: the file is not part of it." },
  },
  "initial-changed": {
    title: "An initial value changed", deploy: "warm", rollback: "warm",
    message: "The initial value changed from {from} to {to}.", fix: "Sessions that have a value keep it. If the new default is for everybody, write it, or give the state a new key.",
    why: { deploy: "An initial value is for those who have none yet.", rollback: "An initial value is for those who have none yet." },
  },
  "schema-id-changed": {
    title: "A schema id was changed", deploy: "cold", rollback: "cold",
    message: "The schema id changed from {from} to {to}.", fix: "If old values still mean the same, keep the id. If not, read them: `migrate: { \"{from}\": (old) => … }`.",
    why: { deploy: ID, rollback: ID_BACK },
  },
  "schema-id-added": {
    title: "A type got its first schema id", deploy: "cold", rollback: "cold",
    message: "The type had no schema id and was known as {from}; now it is {to}.",
    fix: "Use the name it is known by, which survives moves from now on: `/** @schemaId {from} */`. Or `migrate: { \"{from}\": (old) => old }`.",
    why: { deploy: ID, rollback: ID_BACK },
  },
  "schema-id-removed": {
    title: "A type lost its schema id", deploy: "cold", rollback: "cold",
    message: "The schema id {from} is gone; the type is now known as {to}.", fix: "Put it back on the type: `/** @schemaId {from} */`.",
    why: { deploy: ID, rollback: ID_BACK },
  },
  "type-moved": {
    title: "A type without schema id was moved or renamed", deploy: "cold", rollback: "cold",
    message: "The type {from} is now {to}.", fix: "Paste this on the type: `/** @schemaId {from} */`. It then keeps its identity wherever it goes.",
    why: { deploy: `A type without a schema id is known by its file and name. ${ID}`, rollback: ID_BACK },
  },
  migrated: {
    title: "Old values are read by `migrate`", deploy: "warm", rollback: "warm",
    message: "Values of {from} are read by `migrate`.", fix: "Keep the entry of `migrate` for as long as old records live: 24 h after the last visit.",
    why: { deploy: "`migrate` has an entry for the old values, and its result is checked against the new type.", rollback: "The entry itself changes nothing for old code. What it reads of new values, other lines say." },
  },
  "migrate-incomplete": {
    title: "A `migrate` reads some old values, not all", deploy: "cold", rollback: "warm",
    message: "`migrate` has no entry for {from}, which sessions may still hold.", fix: "Add an entry for it: `migrate: { \"{from}\": (old) => … }`. Every version that sessions may hold needs one.",
    why: { deploy: "A chain of migrations is complete only if it reads every version younger than the lifetime of a session.", rollback: "What old code reads does not depend on `migrate`." },
  },
  "migrate-removed": {
    title: "An entry of `migrate` was removed", deploy: "warm", rollback: "warm",
    message: "`migrate` no longer reads {from}.", fix: null,
    why: { deploy: "No session that can still resume holds such values. If one does, its changes are judged without the entry, and other lines say so.", rollback: "The old code has the entry still." },
  },
} as const satisfies RuleGroup;
