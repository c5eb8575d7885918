// The committed artifacts: deterministic, a fixed point, and forgetting no version that may still lie in a store.
import fc from "fast-check";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { artifactTexts, readArtifacts } from "../../src/state/artifacts/files.js";
import { BINDINGS_FILE, MANIFEST_FILE, SCHEMA_FILE, typeOf, type StateArtifacts } from "../../src/state/artifacts/model.js";
import { NO_ARTIFACTS, nextArtifacts } from "../../src/state/artifacts/next.js";
import { hashOfSchema } from "../../src/state/schema/canonical.js";
import type { StateSchema, StateType } from "../../src/state/schema/type.js";
import type { StateEntry } from "../../src/state/state-entry.js";
import { schema as anySchema } from "./arbitrary.js";

const of = (root: StateType): StateSchema => ({ root, defs: {} });
const object = (...names: readonly string[]): StateSchema => of({ kind: "object", fields: Object.fromEntries(names.map((name) => [name, { type: { kind: "string" } }])) });

function entry(key: string, type: StateSchema, more: Partial<StateEntry> = {}): StateEntry {
  return { kind: "shared", key, schema: `app/x#${key}`, type, hash: hashOfSchema(type), module: "app/x", initial: "{}", migrates: [], aliases: [], file: "app/x.ts", line: 1, column: 1, ...more };
}

const reread = (artifacts: StateArtifacts): StateArtifacts => {
  const texts = artifactTexts(artifacts);
  return readArtifacts((name) => texts[name]) as StateArtifacts;
};

/** The default export of the bindings. */
function bindingsOf(artifacts: StateArtifacts): { entries: { key: string; reads: string[]; readsWithLoss: string[]; previous: string[]; check(value: unknown): string | undefined; initial(): unknown }[]; removed: unknown[] } {
  const { code } = transformSync(artifactTexts(artifacts)[BINDINGS_FILE] ?? "", { loader: "ts", format: "cjs" });
  const module = { exports: {} as { default?: unknown } };
  new Function("module", "exports", code)(module, module.exports);
  return module.exports.default as ReturnType<typeof bindingsOf>;
}

describe("artifacts", () => {
  it("A1: the same sources give the same texts, in whatever order they are found; and again from those texts", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), anySchema), { selector: ([key]) => key, minLength: 1 }), fc.boolean(), (list, flip) => {
        const entries = list.map(([key, type]) => entry(key, type));
        const one = nextArtifacts(entries, NO_ARTIFACTS);
        const other = nextArtifacts(flip ? [...entries].reverse() : entries, NO_ARTIFACTS);
        expect(artifactTexts(other)).toEqual(artifactTexts(one));
        expect(artifactTexts(nextArtifacts(entries, reread(one)))).toEqual(artifactTexts(one));
      }),
      { numRuns: 100 },
    );
  });

  it("A2: every version that was ever there stays, with its type, in the order of its time", () => {
    const versions = [object("a"), object("a", "b"), object("b")];
    let now = NO_ARTIFACTS;
    for (const type of versions) now = nextArtifacts([entry("cart", type)], reread(now));
    const [cart] = now.manifest.entries;
    expect(cart?.previous.map(({ hash }) => hash)).toEqual(versions.slice(0, 2).map(hashOfSchema));
    expect(cart?.previous.map((version) => typeOf(now, version))).toEqual(versions.slice(0, 2));
    expect(now.schemas.schemas["app/x#cart"]?.previous).toEqual(versions.slice(0, 2).map(hashOfSchema));
    // back to the first: it is current, the others came before
    now = nextArtifacts([entry("cart", object("a"))], reread(now));
    expect(now.manifest.entries[0]?.previous.map(({ hash }) => hash)).toEqual([versions[1], versions[2]].map((type) => hashOfSchema(type as StateSchema)));
    // removed, and declared again
    const gone = nextArtifacts([], reread(now));
    expect(gone.manifest.removed.map(({ key, previous }) => [key, previous.length])).toEqual([["cart", 3]]);
    expect(bindingsOf(gone).removed).toEqual([{ kind: "shared", key: "cart", hashes: expect.arrayContaining(versions.map(hashOfSchema)) as unknown }]);
    const back = nextArtifacts([entry("cart", object("a"))], reread(gone));
    expect(back.manifest.removed).toEqual([]);
    expect(back.manifest.entries[0]?.previous).toHaveLength(2);
  });

  it("A3: a recorded rename leads the versions of the old key to the new one, and renames of renames", () => {
    const first = nextArtifacts([entry("a", object("x"))], NO_ARTIFACTS);
    const renamed = { ...first, manifest: { ...first.manifest, aliases: [{ kind: "shared", from: "a", to: "b" }, { kind: "shared", from: "b", to: "c" }] as const } };
    const now = nextArtifacts([entry("c", object("x", "y"), { schema: "app/x#a" })], renamed);
    expect(now.manifest.entries[0]).toMatchObject({ key: "c", aliases: ["a", "b"], previous: [{ schema: "app/x#a", hash: hashOfSchema(object("x")) }] });
    expect(now.manifest.removed).toEqual([]);
    expect(reread(now)).toEqual(now);
  });

  it("A4: the bindings read what is read as it is, what is read with loss, and nothing of another identity", () => {
    const wide: StateSchema = of({ kind: "object", fields: { a: { type: { kind: "string" } }, b: { type: { kind: "string" }, optional: true } } });
    let now = nextArtifacts([entry("cart", object("a"))], NO_ARTIFACTS);
    now = nextArtifacts([entry("cart", wide)], now);
    now = nextArtifacts([entry("cart", of({ kind: "number" }))], now);
    now = nextArtifacts([entry("cart", wide)], now);
    const [cart] = bindingsOf(now).entries;
    expect(cart?.reads).toEqual([hashOfSchema(object("a"))]);
    expect(cart?.previous).toEqual([hashOfSchema(object("a")), hashOfSchema(of({ kind: "number" }))]);
    const moved = bindingsOf(nextArtifacts([entry("cart", wide, { schema: "shop:Cart:v1" })], now)).entries[0];
    expect(moved?.reads).toEqual([]);
    expect(cart?.check({ a: 1 })).toBe("a");
    expect(cart?.initial()).toEqual({});
    expect(cart?.initial()).not.toBe(cart?.initial());
  });

  it("A5: VANGO_STATE_ARTIFACT names the file that is broken, and how", () => {
    const texts = artifactTexts(nextArtifacts([entry("cart", object("a"))], NO_ARTIFACTS));
    const read = (changed: Record<string, string | undefined>) => readArtifacts((name) => ({ ...texts, ...changed })[name]);
    const cases: readonly (readonly [Record<string, string | undefined>, RegExp])[] = [
      [{ [SCHEMA_FILE]: undefined }, /vango_state_schema\.json is missing/],
      [{ [MANIFEST_FILE]: "{" }, /vango_state_manifest\.json is no JSON/],
      [{ [MANIFEST_FILE]: "<<<<<<< HEAD\n{}\n" }, /merge conflict/],
      [{ [MANIFEST_FILE]: '{ "version": 2 }' }, /another version of Vango/],
      [{ [SCHEMA_FILE]: '{ "version": 1, "fingerprint": "", "schemas": { "a": { "hash": "", "type": { "root": { "kind": "odd" }, "defs": {} }, "previous": [], "versions": {} } } }' }, /schemas\.a\.type\.root\.kind/],
    ];
    for (const [changed, says] of cases) expect(() => read(changed)).toThrow(expect.objectContaining({ code: "VANGO_STATE_ARTIFACT", message: expect.stringMatching(says) as unknown }) as Error);
    expect(readArtifacts(() => undefined)).toBeUndefined();
  });
});
