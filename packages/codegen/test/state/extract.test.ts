// What extraction makes of an app's sources: types as data, and findings at their exact place.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rmSync } from "node:fs";
import { createExtractor, type Extraction } from "../../src/state/extract/extract.js";
import type { StateType } from "../../src/state/schema/type.js";
import { keptApp } from "../commands/app.js";
import { tree } from "../routes/tree.js";

const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, exactOptionalPropertyTypes: true, target: "ES2022", lib: ["ES2023"], module: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", types: [] }, include: ["app"] });

function app(files: Readonly<Record<string, string>>): string {
  const root = keptApp({ "tsconfig.json": TSCONFIG, ...files });
  roots.push(root);
  return root;
}

const extractApp = async (files: Readonly<Record<string, string>>): Promise<Extraction> => (await createExtractor(app(files))).extract();

/** Several values in one component: `k0`, `k1`, … of the types given. */
async function typesOf(declarations: string, types: readonly string[]): Promise<readonly (StateType | string)[]> {
  const source = `import { component } from "@vango/core";\n${declarations}\n${types
    .map((type, i) => `export const C${i} = component((setup) => { const s = setup.sharedSignal<${type}>("k${i}", null as never); return () => null; });`)
    .join("\n")}`;
  const { entries, findings } = await extractApp({ "app/types.ts": source });
  return types.map((_, i) => {
    const entry = entries.find(({ key }) => key === `k${i}`);
    if (entry !== undefined) return Object.keys(entry.type.defs).length === 0 ? entry.type.root : ({ root: entry.type.root, defs: entry.type.defs } as unknown as StateType);
    const lines = source.split("\n").findIndex((text) => text.includes(`"k${i}"`)) + 1;
    const found = findings.find(({ line }) => line === lines);
    return `${found?.code}: ${found?.message}`;
  });
}

const s = { kind: "string" } as const;
const n = { kind: "number" } as const;
const lit = (value: string) => ({ kind: "literal", of: "string", value }) as const;

describe("types as data", () => {
  it("X1: every form of data has a schema", async () => {
    const found = await typesOf(
      `enum Color { Red = "red", Blue = "blue" }
       interface Base { id: number } interface Item extends Base { name: string; note?: string;\n /** @deprecated */\n old?: number }
       type UserId = string & { readonly __brand: "UserId" };
       type Shape = { kind: "circle"; r: number } | { kind: "square"; side: number };
       interface Tree { label: string; children: readonly Tree[] }
       type Json = string | number | null | Json[] | { [key: string]: Json };
       interface Page<T> { items: T[]; next: number | null }
       type Slug = \`post-\${number}\`;`,
      ["Item", "UserId", "Shape", "Tree", "Json", "Page<Item>", "Slug", "Color", "[string, number?]", "[string, ...number[]]", "ReadonlyMap<string, Date>", "Set<bigint>", "Uint8Array",
        "Record<string, boolean>", 'Record<"a" | "b", number>', 'Pick<Item, "id" | "note">', 'Omit<Item, "id" | "old" | "note">', "Partial<Base>", "{ a: string } & { b: number }", "unknown", "1 | 2n | true", "boolean | string", "readonly string[]", "Record<Slug, number>", "Item[]"],
    );
    const item = { kind: "object", fields: { id: { type: n }, name: { type: s }, note: { type: s, optional: true }, old: { type: n, optional: true, deprecated: true } } };
    const fields = (of: Record<string, StateType>) => ({ kind: "object", fields: Object.fromEntries(Object.entries(of).map(([name, type]) => [name, { type }])) });
    const slug = expect.objectContaining({ kind: "template" }) as unknown;
    expect(found).toEqual([
      item,
      { kind: "string", brand: "UserId" },
      { kind: "union", tag: "kind", members: [fields({ kind: lit("circle"), r: n }), fields({ kind: lit("square"), side: n })] },
      { root: { kind: "ref", name: "Tree" }, defs: { Tree: fields({ children: { kind: "array", item: { kind: "ref", name: "Tree" } }, label: s }) } },
      { root: { kind: "ref", name: "Json" }, defs: { Json: { kind: "union", members: [{ kind: "array", item: { kind: "ref", name: "Json" } }, { kind: "record", key: s, value: { kind: "ref", name: "Json" } }, { kind: "null" }, n, s].sort((a, b) => (order(a) < order(b) ? -1 : 1)) } } },
      fields({ items: { kind: "array", item: item as StateType }, next: { kind: "union", members: [{ kind: "null" }, n] } }),
      slug,
      { kind: "union", members: [{ kind: "literal", of: "string", value: "blue", enum: "Color" }, { kind: "literal", of: "string", value: "red", enum: "Color" }].sort((a, b) => (order(a) < order(b) ? -1 : 1)) },
      { kind: "tuple", items: [{ type: s }, { type: n, optional: true }] },
      { kind: "tuple", items: [{ type: s }], rest: n },
      { kind: "map", key: s, value: { kind: "date" } },
      { kind: "set", item: { kind: "bigint" } },
      { kind: "view", name: "Uint8Array" },
      { kind: "record", key: s, value: { kind: "boolean" } },
      fields({ a: n, b: n }),
      { kind: "object", fields: { id: { type: n }, note: { type: s, optional: true } } },
      fields({ name: s }),
      { kind: "object", fields: { id: { type: n, optional: true } } },
      fields({ a: s, b: n }),
      { kind: "unknown" },
      { kind: "union", members: [{ kind: "literal", of: "bigint", value: "2" }, { kind: "literal", of: "boolean", value: true }, { kind: "literal", of: "number", value: 1 }] },
      { kind: "union", members: [{ kind: "boolean" }, s] },
      { kind: "array", item: s },
      { kind: "record", key: slug, value: n },
      { kind: "array", item },
    ]);
  });

  it("X2: what cannot be kept is VANGO_STATE_TYPE with the path inside the type", async () => {
    const found = await typesOf(
      "class Cart { items = 1; total(): number { return 1; } }\ntype Grow<T> = { next: Grow<T[]> };\ninterface Row { cells: { run: () => void }[] }",
      ["Row", "{ a: Cart }", "Promise<string>", "WeakMap<object, string>", "symbol", "any", "{ at: Map<string, RegExp> }", "object", "Grow<string>", "{ a: number; [key: string]: number }", "Uppercase<string>", "never[]", "{ items: never[] }", "Error", "{ [key: symbol]: string }"],
    );
    expect(found).toEqual([
      expect.stringMatching(/^VANGO_STATE_TYPE: .*`cells\[\]\.run` is a function/), expect.stringMatching(/^VANGO_STATE_TYPE: .*`a` is the class `Cart`/), expect.stringMatching(/It is `Promise`/), expect.stringMatching(/It is `WeakMap`/),
      expect.stringMatching(/is a symbol/), expect.stringMatching(/It is `any`/), expect.stringMatching(/`at\.get\(\)` is `RegExp`/), expect.stringMatching(/It is `object`/), expect.stringMatching(/^VANGO_STATE_TYPE_LIMIT: .* deeper than 40 levels/),
      expect.stringMatching(/both named fields and an index signature/), expect.stringMatching(/Uppercase<string>/), expect.stringMatching(/^VANGO_STATE_EMPTY_TYPE: .*It is `never\[\]`/), expect.stringMatching(/^VANGO_STATE_EMPTY_TYPE: .*`items` is `never\[\]`/),
      expect.stringMatching(/It is `Error`/), expect.stringMatching(/symbols as keys/),
    ]);
  });

  it("X2: a type of thousands of parts is VANGO_STATE_TYPE_LIMIT, not a hang", async () => {
    const wide = Array.from({ length: 5100 }, (_, i) => `f${i}: number;`).join(" ");
    const [found] = await typesOf(`interface Wide { ${wide} }`, ["Wide"]);
    expect(found).toMatch(/^VANGO_STATE_TYPE_LIMIT: .* more than 5000 parts/);
  });
});

const order = (value: unknown): string => JSON.stringify(Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))));

const component = (line: string, before = "") => `import { component, sessionKey, type Setup } from "@vango/core";\n${before}\nexport const C = component<{ n: number }>((setup, props) => {\n  ${line}\n  return () => null;\n});\n`;

describe("declarations", () => {
  it("X3: are found by core's symbols, under whatever name setup has", async () => {
    const { entries, findings } = await extractApp({
      "app/a.ts": component('const a = setup.sharedSignal("a", 0);'),
      "app/use.ts": 'import type { Setup } from "@vango/core";\nexport const useB = (s: Setup) => s.globalSignal("b", "");\n',
      "app/keys.ts": 'import { sessionKey as key } from "@vango/core";\nimport * as vango from "@vango/core";\nexport const c = key<"x" | "y">("c", { default: "x", scope: "browser" });\nexport const d = vango.sessionKey("d", { default: [1] });\n',
      "app/other.ts": 'const mine = { sharedSignal: (key: string, initial: number) => initial };\nexport const e = mine.sharedSignal("e", Date.now());\n',
    });
    expect(findings).toEqual([]);
    expect(entries.map(({ kind, key, scope, module, initial, schema }) => [kind, key, scope, module, initial, schema])).toEqual([
      ["global", "b", undefined, "app/use", '""', "#global:b"],
      ["session", "c", "browser", "app/keys", '"x"', "#session:c"],
      ["session", "d", "tab", "app/keys", "[1]", "#session:d"],
      ["shared", "a", undefined, "app/a", "0", "#shared:a"],
    ]);
  });

  it("scenario 57: an initial value that reads props, time, the environment, chance, input or an import is VANGO_STATE_INITIAL at its exact place", async () => {
    const cases: readonly (readonly [initial: string, at: string, says: RegExp, before?: string])[] = [
      ["props.get().n", "props.get", /`props\.get\(\)` is a call on a parameter/],
      ["Date.now()", "Date.now", /time of day/],
      ["new Date()", "new Date", /time of day/],
      ["new Date(2026, 1, 1)", "new Date", /local time/],
      ['new Date("2026-01-01T00:00")', "new Date", /no instant/],
      ["Math.random()", "Math.random", /chance/],
      ["process.env.HOME", "process.env", /environment/],
      ["[1, helper()]", "helper()", /call/, "const helper = () => 1;"],
      ["{ a: { b: LIMIT } }", "LIMIT", /imported from "\.\/limit\.js"/, 'import { LIMIT } from "./limit.js";'],
      ["start", "start", /variable \(let\)/, "let start = 1;"],
      ["first", "first", /`first` is no constant: `Date\.now\(\)` is a call/, "const first = Date.now();"],
      ["props", "props", /parameter/],
      ["globalThis.x", "globalThis.x", /reads a member/],
      ["true ? 1 : 2", "true ?", /condition/],
      ["/x/", "/x/", /regular expression/],
      ["() => 1", "() =>", /function/],
      ["[{ get x() { return 1; } }]", "get x", /getter/],
      ["new URL('http://x')", "new URL", /makes no persisted value/],
      ["`a${props}`", "props", /parameter/],
    ];
    const files = Object.fromEntries(cases.map(([initial, , , before], i) => [`app/c${i}.ts`, component(`const a = setup.sharedSignal<unknown>("k${i}", ${initial});`, before)]));
    const { findings, entries } = await extractApp({ ...files, "app/limit.ts": "export const LIMIT = 1;\n" });
    expect(entries).toEqual([]);
    expect(findings).toHaveLength(cases.length);
    cases.forEach(([initial, at, says], i) => {
      const found = findings.find(({ file }) => file === `app/c${i}.ts`);
      const lines = (files[`app/c${i}.ts`] ?? "").split("\n");
      const line = lines.findIndex((text) => text.includes(`"k${i}"`));
      const column = (lines[line] ?? "").indexOf(at, (lines[line] ?? "").indexOf(`"k${i}"`)) + 1;
      expect([initial, found?.code, found?.line, found?.column], found?.message).toEqual([initial, "VANGO_STATE_INITIAL", line + 1, column]);
      expect(found?.message).toMatch(says);
      expect(found?.fix).not.toBe("");
    });
  });

  it("X4: literals, enum members, constants of the file, collections and dates are initial values, in one normal form", async () => {
    const cases: readonly (readonly [initial: string, normal: string, before?: string])[] = [
      ["-1", "-1"], ["`text`", '"text"'], ["1_000n", "1000n"], ["undefined", "undefined"],
      ["{ 'a': 1, b: [true, null], }", "{ a: 1, b: [true, null] }"],
      ["Color.Red", "1", "enum Color { Blue, Red }"],
      ["Level.High", '"high"', 'import { Level } from "./level.js";'],
      ["DEFAULT", "{ page: (10 * 2) }", "const SIZE = 10; const DEFAULT = { page: SIZE * 2 } as const;"],
      ["new Map([['a', new Set([1])]])", 'new Map([["a", new Set([1])]])'],
      ["new Date('2026-01-31')", 'new Date("2026-01-31")'], ["new Date(0)", "new Date(0)"], ["new Uint8Array(4)", "new Uint8Array(4)"], ["[...LIST, 3]", "[...[1, 2], 3]", "const LIST = [1, 2];"], ["Number.MAX_SAFE_INTEGER", "Number.MAX_SAFE_INTEGER"],
    ];
    const files = Object.fromEntries(cases.map(([initial, , before], i) => [`app/c${i}.ts`, component(`const a = setup.sharedSignal<unknown>("k${i}", ${initial});`, before)]));
    const { findings, entries } = await extractApp({ ...files, "app/level.ts": 'export enum Level { Low = "low", High = "high" }\n' });
    expect(findings).toEqual([]);
    expect(cases.map((_, i) => entries.find(({ key }) => key === `k${i}`)?.initial)).toEqual(cases.map(([, normal]) => normal));
  });

  it("X5: VANGO_STATE_KEY, VANGO_STATE_ALIASED and VANGO_STATE_OPTIONS say what the source does not", async () => {
    const { findings } = await extractApp({
      "app/a.ts": component("const a = setup.sharedSignal(`k${1}`, 0);"),
      "app/b.ts": component("const { sharedSignal } = setup; const a = sharedSignal('b', 0);"),
      "app/c.ts": component("const make = setup.globalSignal; const a = make('c', 0);"),
      "app/d.ts": component("const o = { schemaId: 'a:B:v1' }; const a = setup.sharedSignal('d', 0, o);"),
      "app/e.ts": component("const a = setup.sharedSignal('e', 0, { schemaId: 'no id' });"),
      "app/e2.ts": component("const a = setup.sharedSignal('e2', 0, { schemaId: '#a' });"),
      "app/f.ts": 'export { sessionKey } from "@vango/core";\n',
      "app/g.ts": component("const a = setup['sharedSignal']('g', 0);"),
      "app/h.ts": component("const a = setup.sharedSignal('h', 0, { migrate: table });", "const table = {};"),
    });
    expect(findings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      "app/a.ts VANGO_STATE_KEY", "app/b.ts VANGO_STATE_ALIASED", "app/c.ts VANGO_STATE_ALIASED", "app/d.ts VANGO_STATE_OPTIONS", "app/e.ts VANGO_STATE_OPTIONS", "app/e2.ts VANGO_STATE_OPTIONS", "app/f.ts VANGO_STATE_ALIASED", "app/g.ts VANGO_STATE_ALIASED", "app/h.ts VANGO_STATE_OPTIONS",
    ]);
  });

  it("X6: one key at several places is one state; VANGO_STATE_CONFLICT and VANGO_STATE_SCHEMA_ID name both places", async () => {
    const { findings, entries } = await extractApp({
      "app/a.ts": component('const a = setup.sharedSignal("same", 0); const b = setup.sharedSignal("type", 0); const c = setup.sharedSignal("value", 0); const d = setup.sharedSignal("one", { a: 1 }, { schemaId: "app:A:v1" });'),
      "app/b.ts": component('const a = setup.sharedSignal("same", 0); const b = setup.sharedSignal("type", ""); const c = setup.sharedSignal("value", 1); const d = setup.sharedSignal("two", { a: "" }, { schemaId: "app:A:v1" });'),
    });
    expect(findings.map(({ code, file, line, related }) => [code, file, line, related?.replace(/:\d+$/, "")])).toEqual([
      ["VANGO_STATE_CONFLICT", "app/b.ts", 4, "app/a.ts:4"], ["VANGO_STATE_CONFLICT", "app/b.ts", 4, "app/a.ts:4"], ["VANGO_STATE_SCHEMA_ID", "app/b.ts", 4, "app/a.ts:4"],
    ]);
    expect(entries.map(({ key }) => key)).toEqual(["one", "same", "type", "value"]);
  });

  it("X7: a type's identity is @schemaId, the option, or its module and name; a brand and a comment do not change it", async () => {
    const { entries } = await extractApp({
      "app/cart.ts": "/** What is bought.\n * @schemaId shop:Cart:v1\n */\nexport interface Cart { items: string[] }\nexport interface Prefs { dark: boolean }\nexport type Filter = 'all' | 'open';\nexport interface Page<T> { items: T[] }\n",
      "app/a.ts": component('const a = setup.sharedSignal<Cart>("cart", { items: [] }); const b = setup.sharedSignal<Prefs>("prefs", { dark: false }); const c = setup.sharedSignal("filter", "all" as Filter, { schemaId: "app:Filter:v1" }); const d = setup.sharedSignal<Readonly<Cart>>("old", { items: [] }); const e = setup.sharedSignal<Page<Prefs>>("page", { items: [] });', 'import type { Cart, Filter, Page, Prefs } from "./cart.js";'),
    });
    expect(Object.fromEntries(entries.map(({ key, schema }) => [key, schema]))).toEqual({ cart: "shop:Cart:v1", filter: "app:Filter:v1", old: "shop:Cart:v1", page: "app/cart#Page<Prefs>", prefs: "app/cart#Prefs" });
  });

  it("X8: a changed file is read again, the others are kept", async () => {
    const root = app({ "app/a.ts": component('const a = setup.sharedSignal("a", 0);'), "app/b.ts": component('const b = setup.sharedSignal<Item>("b", { n: 0 });', 'import type { Item } from "./item.js";'), "app/item.ts": "export interface Item { n: number }\n" });
    const extractor = await createExtractor(root);
    const before = extractor.extract().entries;
    const file = join(root, "app/item.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("n: number", "n: number | string"));
    const after = extractor.extract(["app/item.ts"]).entries;
    expect(after.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(after[0]?.hash).toBe(before[0]?.hash);
    expect(after[1]?.hash).not.toBe(before[1]?.hash);
    expect(extractor.extract([]).entries).toEqual(after);
  });

  it("X9: without the types of @vango/core nothing is concluded: VANGO_STATE_TSCONFIG", async () => {
    const root = tree({ "package.json": '{ "name": "x", "type": "module" }', "tsconfig.json": TSCONFIG, "app/a.ts": component('const a = setup.sharedSignal("a", 0);') });
    const extractor = await createExtractor(root);
    expect(() => extractor.extract()).toThrow(expect.objectContaining({ code: "VANGO_STATE_TSCONFIG", message: expect.stringContaining("has no types") as unknown }) as Error);
  });

  it("X9: a tsconfig that cannot be read is VANGO_STATE_TSCONFIG", async () => {
    await expect(extractApp({ "tsconfig.json": '{ "extends": "./missing.json" }' })).rejects.toMatchObject({ code: "VANGO_STATE_TSCONFIG" });
  });
});
