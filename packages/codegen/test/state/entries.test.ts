/** Two builds compared key by key: identity, migrations, aliases, earlier versions. */
import { describe, expect, it } from "vitest";
import type { StateChange } from "../../src/state/compat/change.js";
import { judgeEntries, type BaselineEntry, type StateVersion } from "../../src/state/compat/entries.js";
import { hashOfSchema } from "../../src/state/schema/canonical.js";
import type { StateField, StateSchema, StateType } from "../../src/state/schema/type.js";
import type { StateEntry } from "../../src/state/state-entry.js";

const text: StateType = { kind: "string" };
const number: StateType = { kind: "number" };
const object = (fields: Record<string, StateType>): StateSchema => ({
  root: { kind: "object", fields: Object.fromEntries(Object.entries(fields).map(([name, type]): [string, StateField] => [name, { type }])) }, defs: {},
});

const version = (schema: string, type: StateSchema): StateVersion => ({ schema, type, hash: hashOfSchema(type) });

function entry(change: Partial<StateEntry> = {}): StateEntry {
  const type = change.type ?? object({ id: text });
  return {
    kind: "shared", key: "cart", schema: "shop:Cart:v1", module: "app/cart", initial: '{ id: "" }', migrates: [], aliases: [],
    file: "app/cart.tsx", line: 7, column: 3, ...change, type, hash: hashOfSchema(type),
  };
}

const baseline = (change: Partial<BaselineEntry> = {}): BaselineEntry => ({ ...entry(change as Partial<StateEntry>), ...change });
const verdicts = (changes: readonly StateChange[]) => changes.map(({ rule, deploy, rollback }) => `${rule} ${deploy} ${rollback}`);

describe("two builds", () => {
  it("SD3: equal entries give no change, whatever the order of keys and fields", () => {
    const shuffled: StateSchema = { defs: {}, root: { fields: { id: { type: { kind: "string" } } }, kind: "object" } };
    expect(judgeEntries([baseline()], [entry({ type: shuffled })])).toEqual([]);
  });

  it("scenario 58: a new key is warm both ways, at the place of its declaration", () => {
    expect(judgeEntries([baseline()], [entry({ key: "filter", line: 9 }), entry()])).toMatchObject([{ rule: "key-added", key: "filter", deploy: "warm", rollback: "warm", file: "app/cart.tsx", line: 9 }]);
  });

  it("SD7, scenario 59: a removed key is cold, and with loss if it was deprecated", () => {
    expect(judgeEntries([baseline()], [])).toMatchObject([{ rule: "key-removed", deploy: "cold", rollback: "warm", file: "app/cart.tsx" }]);
    const deprecated: StateSchema = { ...object({ id: text }), deprecated: true };
    expect(verdicts(judgeEntries([baseline({ type: deprecated })], []))).toEqual(["key-removed-deprecated warm-with-loss warm"]);
  });

  it("scenario 59: an incompatible type and another schema id are cold, and say each change", () => {
    const changes = judgeEntries([baseline()], [entry({ schema: "shop:Cart:v2", type: object({ id: number }) })]);
    expect(verdicts(changes)).toEqual(["schema-id-changed cold cold", "text-to-number cold cold"]);
    expect(changes[1]).toMatchObject({ path: "id", message: 'Was string, is number. An old value that shows it: { id: "" }' });
  });

  it("SD5, scenario 60: another id is cold even with the same shape; a stable one keeps moved and renamed types warm", () => {
    expect(verdicts(judgeEntries([baseline()], [entry({ schema: "shop:Cart:v2" })]))).toEqual(["schema-id-changed cold cold"]);
    expect(verdicts(judgeEntries([baseline()], [entry({ module: "app/shop/cart" })]))).toEqual(["key-moved warm warm"]);
    const moved = judgeEntries([baseline({ schema: "app/cart#Cart" })], [entry({ schema: "app/shop#Basket" })]);
    expect(verdicts(moved)).toEqual(["type-moved cold cold"]);
    expect(moved[0]?.fix).toContain("/** @schemaId app/cart#Cart */");
  });

  it("SD5, SD7, scenario 60: a type without a name keeps its identity when an alias renames its key", () => {
    const changes = judgeEntries([baseline({ schema: "#shared:cart" })], [entry({ key: "basket", schema: "#shared:basket", aliases: ["cart"] })]);
    expect(verdicts(changes)).toEqual(["key-renamed warm warm-with-loss"]);
  });

  it("SD6: a migration makes the deploy warm, not the rollback", () => {
    const changes = judgeEntries([baseline()], [entry({ schema: "shop:Cart:v2", type: object({ id: number }), migrates: ["shop:Cart:v1"] })]);
    expect(verdicts(changes)).toEqual(["migrated warm warm", "schema-id-changed warm cold", "text-to-number warm cold"]);
  });

  it("SD6: what a migration reads already is not advised to be migrated", () => {
    const after = { schema: "shop:Cart:v2", type: object({ id: number }) };
    const advice = (migrates: readonly string[]) => judgeEntries([baseline()], [entry({ ...after, migrates })]).filter(({ rule }) => rule !== "migrated").map(({ fix }) => fix);
    expect(advice([])).toEqual([expect.stringContaining("migrate"), expect.stringContaining("migrate")]);
    expect(advice(["shop:Cart:v1"])).toEqual([null, null]);
  });

  it("SD6: by the hash of the old version too, when the id stays", () => {
    const before = baseline();
    const changes = judgeEntries([before], [entry({ type: object({ id: number }), migrates: [before.hash] })]);
    expect(verdicts(changes)).toEqual(["migrated warm warm", "text-to-number warm cold"]);
  });

  it("SD4, SD6: a version that sessions may still hold and no entry reads makes the deploy cold, and is named", () => {
    const earlier = [version("shop:Cart:v0", object({ id: { kind: "bigint" } }))];
    const changes = judgeEntries([baseline({ earlier })], [entry({ schema: "shop:Cart:v2", type: object({ id: number }), migrates: ["shop:Cart:v1"] })]);
    expect(changes.filter(({ deploy }) => deploy === "cold").map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      "migrate-incomplete: `migrate` has no entry for shop:Cart:v0, which sessions may still hold.",
      "schema-id-changed: Sessions may still hold shop:Cart:v0. The schema id changed from shop:Cart:v0 to shop:Cart:v2.",
      "bigint-to-number: Sessions may still hold shop:Cart:v0. Was bigint, is number. An old value that shows it: { id: 0n }",
    ]);
    const complete = judgeEntries([baseline({ earlier })], [entry({ schema: "shop:Cart:v2", type: object({ id: number }), migrates: ["shop:Cart:v1", "shop:Cart:v0"] })]);
    expect(complete.filter(({ deploy }) => deploy === "cold")).toEqual([]);
  });

  it("SD4: what the baseline reads, but the new code no longer does of the version before it", () => {
    // v1 had texts, v2 widened to both, v3 narrows to numbers: v2 values may be texts, and so may v1's.
    const both = object({ id: { kind: "union", members: [number, text] } });
    const earlier = [version("shop:Cart:v1", object({ id: text }))];
    const changes = judgeEntries([baseline({ type: both, earlier })], [entry({ type: object({ id: number }) })]);
    expect(changes.map(({ rule, deploy, rollback }) => `${rule} ${deploy} ${rollback}`)).toEqual(["text-to-number cold warm", "union-member-removed cold warm"]);
    expect(changes[0]?.message).toContain(`Sessions may still hold shop:Cart:v1 (${earlier[0]?.hash})`);
    // Only the deploy meets earlier versions.
    expect(judgeEntries([baseline({ earlier })], [entry()])).toEqual([]);
  });

  it("a key of another kind or scope is another place", () => {
    expect(verdicts(judgeEntries([baseline()], [entry({ kind: "global" })]))).toEqual(["key-kind-changed cold warm"]);
    expect(verdicts(judgeEntries([baseline({ kind: "session" })], [entry({ kind: "session", scope: "browser" })]))).toEqual(["key-scope-widened cold warm"]);
    expect(verdicts(judgeEntries([baseline({ kind: "session" })], [entry({ kind: "session", scope: "tab" })]))).toEqual([]);
  });

  it("changes are in the order of kind, key and path", () => {
    const changes = judgeEntries(
      [baseline({ key: "b", type: object({ x: text, a: text }) }), baseline({ key: "a" }), baseline({ kind: "global", key: "z" })],
      [entry({ key: "b", type: object({ x: number, a: number }) }), entry({ key: "c" })],
    );
    expect(changes.map(({ kind, key, path }) => `${kind} ${key} ${path}`)).toEqual(["global z ", "shared a ", "shared b a", "shared b x", "shared c "]);
  });
});
