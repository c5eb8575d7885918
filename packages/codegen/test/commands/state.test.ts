// `vango state` on a small app, in process: plans, artifacts, gates and their exit codes.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { blobCodec, encodeValue, memoryStore, recordingStore, type Recording } from "@vango/persist";
import type { VangoPlan } from "../../src/state/plan.js";
import { stateAlias, stateApply, stateCheck, stateInspect, statePlan, stateReplay, stateVerify, type PlanOptions, type StateOutput } from "../../src/commands/state/state.js";
import { fixtureApp } from "./app.js";

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, exactOptionalPropertyTypes: true, target: "ES2022", lib: ["ES2023"], module: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", types: [] }, include: ["app"] });
const source = (calls: string, types = "") => `import { component } from "@vango/core";\n${types}\nexport const C = component((setup) => {\n  ${calls}\n  return () => null;\n});\n`;
const CART = "/** @schemaId shop:Cart:v1 */\nexport interface Cart { items: string[] }";
const cart = (type = CART, more = "") => source(`const cart = setup.sharedSignal<Cart>("cart", { items: [] });${more}`, type);

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface App {
  readonly root: string;
  write(text: string): void;
  read(name: string): string;
  plan(options?: Partial<PlanOptions>): Promise<Said & { readonly plan: VangoPlan }>;
  run(command: (output: StateOutput) => Promise<number>): Promise<Said>;
  apply(ack?: boolean): Promise<Said>;
  check(strict?: boolean): Promise<Said>;
}

function app(text: string, surroundings: Partial<StateOutput> = {}): App {
  const root = fixtureApp({ "tsconfig.json": TSCONFIG, "app/state.ts": text });
  const run = async (command: (output: StateOutput) => Promise<number>): Promise<Said> => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await command({ say: (line) => out.push(line), complain: (line) => err.push(line), color: false, annotate: false, progress: (_, work) => work(), ...surroundings });
    return { code, out: out.join("\n"), err: err.join("\n") };
  };
  return {
    root, run,
    write: (next) => writeFileSync(join(root, "app/state.ts"), next),
    read: (name) => readFileSync(join(root, name), "utf8"),
    plan: async (options = {}) => {
      const said = await run((output) => statePlan(root, { against: undefined, format: "json", strict: false, ...options }, output));
      return { ...said, plan: said.out.startsWith("{") ? (JSON.parse(said.out) as VangoPlan) : ({} as VangoPlan) };
    },
    apply: (ack = false) => run((output) => stateApply(root, ack, output)),
    check: (strict = false) => run((output) => stateCheck(root, strict, output)),
  };
}

const git = (root: string, ...args: readonly string[]) => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", ...args], { cwd: root, encoding: "utf8", env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" } });

describe("vango state", () => {
  it("scenario 58: a new persisted value is warm; apply writes the artifacts, check agrees", async () => {
    const one = app(cart());
    expect(await one.apply()).toMatchObject({ code: 0, out: expect.stringContaining("Written: vango_state_manifest.json, vango_state_schema.json, vango_state_bindings_gen.ts") as unknown });
    expect(await one.check()).toMatchObject({ code: 0 });
    one.write(cart(CART, ' const filter = setup.sharedSignal("filter", "all");'));
    const { code, plan } = await one.plan();
    expect(code).toBe(0);
    expect(plan.schemaImpact).toEqual({ classification: "warm_deploy", lossy: false, rollback: "warm_rollback", acknowledged: false });
    expect(plan.changes).toMatchObject([{ kind: "shared", key: "filter", deploy: "warm", file: "app/state.ts", line: 5 }]);
    expect(await one.check()).toMatchObject({ code: 1, err: expect.stringContaining("VANGO_STATE_STALE") as unknown });
    expect(await one.apply()).toMatchObject({ code: 0 });
    expect(await one.check()).toMatchObject({ code: 0 });
    expect(await one.apply()).toMatchObject({ code: 0, out: "The generated files are up to date." });
  });

  it("scenario 59: a removed key, an incompatible type, another schema id are cold: exit 2 until acknowledged, and each is named", async () => {
    const cases: readonly (readonly [name: string, text: string])[] = [
      ["removed", source("")],
      ["type", cart("/** @schemaId shop:Cart:v1 */\nexport interface Cart { items: number[] }")],
      ["id", cart("/** @schemaId shop:Cart:v2 */\nexport interface Cart { items: string[] }")],
    ];
    for (const [name, text] of cases) {
      const one = app(cart());
      await one.apply();
      const committed = one.read("vango_state_manifest.json");
      one.write(text);
      const { code, plan } = await one.plan();
      expect([name, code, plan.schemaImpact.classification]).toEqual([name, 2, "cold_deploy"]);
      const cold = plan.changes.filter(({ deploy }) => deploy === "cold");
      expect(cold.map(({ key }) => key)).toContain("cart");
      const said = await one.plan({ format: "text" });
      for (const change of cold) expect(said.out).toContain(change.rule);
      expect(said.out).toMatch(/Deploy: cold/);
      expect(said.out.replaceAll(/\s+/g, " ")).toContain(name === "removed" ? "Sessions resume, but what they hold of a removed key is lost" : "get a fresh session");
      expect(said.out).toContain("the artifacts on disk, which no commit has");
      expect(await one.apply()).toMatchObject({ code: 2, err: expect.stringContaining("--ack-cold") as unknown });
      expect(one.read("vango_state_manifest.json")).toBe(committed);
      expect((await one.check()).code).toBe(2);
      expect((await one.apply(true)).code).toBe(0);
      const ack = JSON.parse(one.read("vango_cold_deploy_ack.json")) as { from: string; to: string; changes: string[] };
      expect(ack.changes.length).toBeGreaterThan(0);
      expect((JSON.parse(one.read("vango_state_schema.json")) as { fingerprint: string }).fingerprint).toBe(ack.to);
      expect(await one.check()).toMatchObject({ code: 0, out: expect.stringContaining("acknowledged") as unknown });
      expect((await one.plan()).plan.schemaImpact).toMatchObject({ classification: "cold_deploy", acknowledged: true });
      rmSync(join(one.root, "vango_cold_deploy_ack.json"));
      expect((await one.check()).code).toBe(2);
    }
  }, 120_000);

  it("scenario 60: a type that is renamed and moved with its schema id, and a key renamed by alias, are warm", async () => {
    const one = app(cart());
    await one.apply();
    one.write(source('const cart = setup.sharedSignal<Basket>("cart", { items: [] });', "/** @schemaId shop:Cart:v1 */\nexport interface Basket { items: string[] }"));
    expect(await one.plan()).toMatchObject({ code: 0, plan: { schemaImpact: { classification: "warm_deploy" } } });
    const alias = (from: string, to: string) => one.run((output) => stateAlias(one.root, { kind: "shared", from, to }, output));
    await expect(alias("cart", "basket")).rejects.toMatchObject({ code: "VANGO_STATE_ALIAS_KEY" });
    one.write(source('const cart = setup.sharedSignal<Cart>("basket", { items: [] });', CART));
    expect((await one.plan()).code).toBe(2);
    await expect(alias("nothing", "basket")).rejects.toMatchObject({ code: "VANGO_STATE_ALIAS_KEY" });
    expect(await alias("cart", "basket")).toMatchObject({ code: 0, out: expect.stringContaining("Recorded") as unknown });
    expect(await one.plan()).toMatchObject({ code: 0, plan: { schemaImpact: { classification: "warm_deploy" }, changes: [{ rule: "key-renamed", key: "basket" }] } });
    expect((await one.apply()).code).toBe(0);
    expect(JSON.parse(one.read("vango_state_manifest.json"))).toMatchObject({ entries: [{ key: "basket", aliases: ["cart"] }], removed: [] });
    expect((await one.check()).code).toBe(0);
    expect(await alias("cart", "basket")).toMatchObject({ out: "This rename was recorded already." });
  }, 60_000);

  it("K1: --against takes a commit or a folder; versions that only old sessions hold are judged too", async () => {
    const one = app(cart());
    await one.apply();
    git(one.root, "init", "-q");
    git(one.root, "add", "app", "package.json", "vango_state_manifest.json", "vango_state_schema.json");
    git(one.root, "commit", "-qm", "one");
    one.write(cart("/** @schemaId shop:Cart:v1 */\nexport interface Cart { items: string[]; note?: string }"));
    expect((await one.apply()).code).toBe(0);
    git(one.root, "commit", "-qam", "two");
    one.write(cart("/** @schemaId shop:Cart:v1 */\nexport interface Cart { items: string[]; note: string }"));
    const { plan } = await one.plan({ against: "HEAD~1" });
    expect(plan.baseline).toMatch(/^HEAD~1 \([0-9a-f]{10}\)$/);
    expect(plan.schemaImpact.classification).toBe("cold_deploy");
    // the first version is younger than a day: sessions may hold it
    expect((await one.plan({ against: "HEAD" })).plan.changes.some(({ message }) => message.includes("Sessions may still hold"))).toBe(true);
    const folder = join(one.root, "old");
    mkdirSync(folder);
    for (const name of ["vango_state_manifest.json", "vango_state_schema.json"]) writeFileSync(join(folder, name), git(one.root, "show", `HEAD~1:${name}`));
    expect((await one.plan({ against: folder })).plan).toMatchObject({ baseline: folder, schemaImpact: { classification: "cold_deploy" } });
    await expect(one.plan({ against: "no-such-ref" })).rejects.toMatchObject({ code: "VANGO_STATE_BASELINE" });
    await expect(one.plan({ against: "--output=x" })).rejects.toMatchObject({ code: "VANGO_STATE_BASELINE" });
    expect(existsSync(join(one.root, "x"))).toBe(false);
  }, 60_000);

  it("K1: git is asked once for each file of the last commit", async () => {
    const one = app(cart());
    await one.apply();
    git(one.root, "init", "-q");
    git(one.root, "add", ".");
    git(one.root, "commit", "-qm", "one");
    const trace = join(one.root, "trace.log");
    vi.stubEnv("GIT_TRACE", trace);
    try {
      expect((await one.plan()).plan.baseline).toBe("the committed artifacts");
    } finally {
      vi.unstubAllEnvs();
    }
    const asked = [...readFileSync(trace, "utf8").matchAll(/built-in: git show '?([0-9a-f]{40}:\.\/\S+?)'?$/gm)].map(([, file]) => file);
    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(2);
  }, 60_000);

  it("K2: --strict is 2 for a cold rollback; a migration makes a cold change warm", async () => {
    const one = app(cart());
    await one.apply();
    one.write(source('const cart = setup.sharedSignal<Cart>("cart", { items: [] }, { migrate: { "shop:Cart:v1": () => ({ items: [] }) } });', "/** @schemaId shop:Cart:v2 */\nexport interface Cart { items: number[] }"));
    const { code, plan } = await one.plan();
    expect([code, plan.schemaImpact.classification, plan.schemaImpact.rollback]).toEqual([0, "warm_deploy", "cold_rollback"]);
    expect((await one.plan({ strict: true })).code).toBe(2);
    expect((await one.check(true)).code).toBe(2);
    expect((await one.apply()).code).toBe(0);
    expect(one.read("vango_state_bindings_gen.ts")).toContain('migrates: ["shop:Cart:v1"]');
  });

  it("K3: VANGO_STATE_FINDINGS: nothing is planned or written while the sources have mistakes; annotated in GitHub Actions", async () => {
    const one = app(source('const at = setup.sharedSignal("at", Date.now());'), { annotate: true });
    const said = await one.plan({ format: "text" });
    expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/VANGO_STATE_INITIAL[\s\S]*app\/state\.ts:4:39[\s\S]*VANGO_STATE_FINDINGS/) as unknown, out: expect.stringContaining("::error file=app/state.ts,line=4,col=39") as unknown });
    expect((await one.apply()).code).toBe(1);
    expect((await one.check()).code).toBe(1);
    expect(existsSync(join(one.root, "vango_state_manifest.json"))).toBe(false);
    expect(JSON.parse((await one.plan()).out)).toMatchObject({ error: "VANGO_STATE_FINDINGS", findings: [{ code: "VANGO_STATE_INITIAL", line: 4, column: 39 }] });
  });

  it("K4: verify makes every hash again; inspect lists what is persisted", async () => {
    const one = app(cart());
    await one.apply();
    const verify = () => one.run((output) => stateVerify(one.root, false, output));
    expect(await verify()).toMatchObject({ code: 0 });
    const file = join(one.root, "vango_state_schema.json");
    const good = one.read("vango_state_schema.json");
    writeFileSync(file, good.replace('"string"', '"number"'));
    expect(await verify()).toMatchObject({ code: 1, err: expect.stringMatching(/vango_state_schema\.json: The type of shop:Cart:v1 has the hash/) as unknown });
    writeFileSync(file, good);
    const bindings = join(one.root, "vango_state_bindings_gen.ts");
    writeFileSync(bindings, `${one.read("vango_state_bindings_gen.ts")}// by hand\n`);
    expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining("vango_state_bindings_gen.ts: It is not what") as unknown });
    const inspected = await one.run((output) => stateInspect(one.root, true, output));
    expect(JSON.parse(inspected.out)).toMatchObject({ entries: [{ kind: "shared", key: "cart", schema: "shop:Cart:v1", type: "{ items: string[] }" }] });
    expect((await one.run((output) => stateInspect(one.root, false, output))).out).toMatch(/shared\s+cart\s+\{ items: string\[\] \}\s+shop:Cart:v1/);
  });

  it("K5: replay says what becomes of recorded values; VANGO_STATE_SNAPSHOT for what is no recording", async () => {
    const one = app(cart());
    await one.apply();
    const secret = "s".repeat(40);
    const hash = (JSON.parse(one.read("vango_state_schema.json")) as { schemas: Record<string, { hash: string }> }).schemas["shop:Cart:v1"]?.hash ?? "";
    const codec = blobCodec({ secrets: [secret] });
    const blob = (record: string, name: string, value: unknown, schema = { id: "shop:Cart:v1", hash }) => Buffer.from(codec.seal(encodeValue(value), { ...schema, version: 1 }, `${record}\n${name}`)).toString("base64");
    const values = (record: string, of: unknown, schema?: { id: string; hash: string }) => ({ record, values: { "shared:cart": blob(record, "shared:cart", of, schema) } });
    const folder = join(one.root, "recorded");
    mkdirSync(folder);
    writeFileSync(join(folder, "a.json"), JSON.stringify([values("r1", { items: ["x"] }), values("r2", { items: [1] }, { id: "shop:Cart:v1", hash: "0".repeat(16) }), values("r3", {}, { id: "shop:Cart:v0", hash: "1".repeat(16) }), { record: "r4", values: { "shared:other": "" } }]));
    const run = (paths: readonly string[]) => one.run((output) => stateReplay(one.root, paths, { VANGO_SECRET: secret }, output));
    const said = await run([folder]);
    expect(said.code).toBe(2);
    expect(said.out).toContain("newer          r2 shared:cart: written by a newer build; does not fit at items[0]");
    expect(said.out).toContain("newer          r3 shared:cart: values of shop:Cart:v0 (1111111111111111) are of a build that these artifacts do not know");
    expect(said.out).toContain("unknown        r4 shared:other");
    expect(said.out).toContain("4 values of 4 records: 1 same, 2 newer, 1 unknown.");
    writeFileSync(join(folder, "b.json"), JSON.stringify({ ...values("r1", {}), record: "moved" }));
    expect(await run([join(folder, "b.json")])).toMatchObject({ code: 1, out: expect.stringContaining("unreadable") as unknown });
    writeFileSync(join(folder, "c.json"), "[1]");
    const refused = (message: string): object => ({ code: "VANGO_STATE_SNAPSHOT", message: expect.stringContaining(message) as unknown });
    await expect(run([join(folder, "c.json")])).rejects.toMatchObject(refused("c.json: `[0]`"));
    writeFileSync(join(folder, "d.jsonl"), `${JSON.stringify(values("r1", { items: [] }))}\n\n${JSON.stringify(values("r2", { items: ["y"] }))}\n`);
    expect(await run([join(folder, "d.jsonl")])).toMatchObject({ code: 0, out: "2 values of 2 records: 2 same." });
    writeFileSync(join(folder, "d.jsonl"), `${JSON.stringify(values("r1", { items: [] }))}\n\n{ "record"`);
    await expect(run([join(folder, "d.jsonl")])).rejects.toMatchObject(refused("d.jsonl, line 3: "));
    await expect(run([join(folder, "missing.json")])).rejects.toMatchObject(refused("There is no "));
  });

  it("K5: replay runs the migrations of the sources, on what recordingStore has recorded: what they give has to fit; what cannot be tried is no success", async () => {
    const types = 'import { shout } from "./shout.js";\n/** @schemaId shop:Cart:v2 */\nexport interface Cart { items: string[]; note: string }\n/** @schemaId shop:Wish:v2 */\nexport interface Wish { note: string }\nconst note = "moved";';
    const one = app(source([
      'const here = "of the component";',
      'const cart = setup.sharedSignal<Cart>("cart", { items: [], note: "" }, { migrate: { "shop:Cart:v1": (old) => { const { items } = old as { items: string[] }; return { items: items.map((here: string) => shout(here)), note } satisfies Cart; } } });',
      'const wish = setup.sharedSignal<Wish>("wish", { note: "" }, { migrate: { "shop:Wish:v1": () => ({ note: here }) } });',
    ].join("\n  "), types));
    writeFileSync(join(one.root, "app/shout.ts"), "export const shout = (text: string): string => text.toUpperCase();\n");
    await one.apply();
    const secret = "s".repeat(40);
    const codec = blobCodec({ secrets: [secret] });
    const recorded = async (record: string, name: string, id: string, value: unknown): Promise<Recording> => {
      let shown: Recording | undefined;
      const store = recordingStore(memoryStore(), { write: (recording) => (shown = recording) });
      await store.create(record, { owner: "w", values: new Map([[name, codec.seal(encodeValue(value), { id, hash: "1".repeat(16), version: 1 }, `${record}\n${name}`)]]) });
      await store.load(record);
      return shown as Recording;
    };
    const file = join(one.root, "recorded.json");
    const replayed = async (...recordings: readonly Promise<Recording>[]): Promise<Said> => {
      writeFileSync(file, JSON.stringify(await Promise.all(recordings)));
      return one.run((output) => stateReplay(one.root, [file], { VANGO_SECRET: secret }, output));
    };
    const cartOf = (record: string, value: unknown) => recorded(record, "shared:cart", "shop:Cart:v1", value);

    expect(await replayed(cartOf("r1", { items: ["x"] }))).toMatchObject({ code: 0, out: "migrated       r1 shared:cart: `migrate` of the declaration reads shop:Cart:v1 (1111111111111111)\n1 value of 1 record: 1 migrated." });
    const said = await replayed(cartOf("r1", { items: ["x"] }), cartOf("r2", {}), cartOf("r3", { items: [{ toUpperCase: 1 }] }), recorded("r4", "shared:wish", "shop:Wish:v1", {}));
    expect(said.code).toBe(2);
    expect(said.out).toMatch(/cold {11}r2 shared:cart: .*, but it threw: Cannot read properties of undefined \(reading 'map'\)/);
    expect(said.out).toMatch(/cold {11}r3 shared:cart: .*, but it threw: text.toUpperCase is not a function/);
    expect(said.out).toContain("untried        r4 shared:wish: `migrate` of the declaration reads shop:Wish:v1 (1111111111111111), which was not tried: it uses `here` of its component, which is there in a mount alone");
    expect(said.out).toContain("4 values of 4 records: 1 migrated, 2 cold, 1 untried.");

    writeFileSync(join(one.root, "app/shout.ts"), "export const shout = (text: string): string[] => [text];\n");
    expect(await replayed(cartOf("r1", { items: ["x"] }))).toMatchObject({ code: 2, out: expect.stringContaining("but what it gave does not fit at items[0]") as unknown });
    writeFileSync(join(one.root, "app/shout.ts"), "export const shout = String;\nthrow new Error(\"no database here\");\n");
    expect(await replayed(cartOf("r1", { items: ["x"] }))).toMatchObject({ code: 2, out: expect.stringContaining("which was not tried: app/state.ts does not load here: no database here") as unknown });
    writeFileSync(join(one.root, "app/shout.ts"), "export const shout = String;\nprocess.exit(3);\n");
    expect(await replayed(cartOf("r1", { items: ["x"] }))).toMatchObject({ code: 2, out: expect.stringContaining("the process that ran them ended (code 3)") as unknown });
  });
});
