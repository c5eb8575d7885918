// Persisted state under `vango dev`, `vango build` and `vango start`: fresh in development, judged at the start.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { build } from "../../src/commands/build.js";
import { assertStateFresh } from "../../src/commands/built-state.js";
import { stateApply, stateCheck, type StateOutput } from "../../src/commands/state/state.js";
import { fixtureApp, vango } from "./app.js";

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: "ES2022", lib: ["ES2023"], module: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", types: [] }, include: ["app"] });
const page = (state: string) => `import { component } from "@vango/core";
export const page = component((setup) => {
  ${state}
  return () => <main>{filter.get()}</main>;
});
`;
const files = (state: string) => ({ "tsconfig.json": TSCONFIG, "app/routes/index.tsx": page(state) });

it("K6, scenario 66: development makes the generated files and keeps them fresh; mistakes are shown with their place, the verdict in a corner", { timeout: 120_000 }, async () => {
  const root = fixtureApp(files('const filter = setup.sharedSignal("filter", "all");'));
  const write = (state: string) => writeFileSync(join(root, "app/routes/index.tsx"), page(state));
  const manifest = () => readFileSync(join(root, "vango_state_manifest.json"), "utf8");
  const dev = vango("dev", "--cwd", root, "--port", "0");
  const [, url = ""] = await dev.next(/ready in .*: (\S+)/);
  expect(await (await fetch(url)).text()).toContain("<main>all</main>");
  expect(JSON.parse(manifest())).toMatchObject({ entries: [{ key: "filter" }] });

  write('const filter = setup.sharedSignal("filter", process.env.HOME);');
  await dev.next(/VANGO_STATE_INITIAL[\s\S]*app\/routes\/index\.tsx:3:47/);
  const failed = await fetch(url, { headers: { accept: "text/html" } });
  expect([failed.status, await failed.text()]).toEqual([500, expect.stringContaining("VANGO_STATE_INITIAL")]);

  write('const filter = setup.sharedSignal("filter", 1);');
  await dev.next(/state: Deploy: cold · rollback: \w+ · 1 key/);
  expect(await (await fetch(url)).text()).toContain("<main>1</main>");
  const events = (await fetch(`${url}/_vango/dev`)).body?.getReader();
  const { value } = (await events?.read()) ?? {};
  expect(new TextDecoder().decode(value)).toMatch(/"verdict":\{"summary":"Deploy: cold[^}]*"cold":true/);
  await events?.cancel();
  expect(readFileSync(join(root, "vango_state_bindings_gen.ts"), "utf8")).toContain("initial: () => 1,");
});

it("K7, scenario 66: a build with stale files starts when the state is the same, and refuses with VANGO_STATE_STALE when it differs", { timeout: 120_000 }, async () => {
  const root = fixtureApp(files('const filter = setup.sharedSignal("filter", "all");'));
  const said: string[] = [];
  const output: StateOutput = { say: (line) => said.push(line), complain: (line) => said.push(line), color: false, annotate: false, progress: (_, work) => work() };
  const bundle = async (): Promise<string> => {
    said.length = 0;
    await build(root, output.say);
    return said.join("\n");
  };
  const start = (): void => assertStateFresh(join(root, "dist/main.js"));
  expect(await stateApply(root, false, output)).toBe(0);
  // an initial value is no version: stale, but stored values are read as before
  writeFileSync(join(root, "app/routes/index.tsx"), page('const filter = setup.sharedSignal("filter", "open");'));
  expect(await stateCheck(root, false, output)).toBe(1);
  expect(await bundle()).toMatch(/warning: vango_state_manifest\.json, .* are stale/);
  expect(start).not.toThrow();
  // a type is
  writeFileSync(join(root, "app/routes/index.tsx"), page('const filter = setup.sharedSignal("filter", 1);'));
  await bundle();
  expect(start).toThrow(expect.objectContaining({ code: "VANGO_STATE_STALE", message: expect.stringContaining("shared:filter") as unknown }) as Error);
  const refused = vango("start", "--cwd", root, "--port", "0");
  expect([await refused.exit, refused.output()]).toEqual([1, expect.stringMatching(/VANGO_STATE_STALE[\s\S]*shared:filter/)]);
  // fresh files beside an old build
  expect(await stateApply(root, true, output)).toBe(0);
  expect(start).toThrow(expect.objectContaining({ code: "VANGO_STATE_STALE" }) as Error);
  expect(await bundle()).not.toContain("warning");
  expect(start).not.toThrow();
  expect(existsSync(join(root, "dist/state.json"))).toBe(true);
});

it("K7: a build of sources with mistakes is VANGO_STATE_FINDINGS; an app without persisted state brings nothing along", { timeout: 60_000 }, async () => {
  const root = fixtureApp(files('const filter = setup.sharedSignal("filter", Date.now());'));
  await expect(build(root, () => undefined)).rejects.toMatchObject({ code: "VANGO_STATE_FINDINGS" });
  writeFileSync(join(root, "app/routes/index.tsx"), page('const filter = setup.signal("all");'));
  await build(root, () => undefined);
  expect(existsSync(join(root, "dist/state.json"))).toBe(false);
});
