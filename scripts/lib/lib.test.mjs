// The commands' own tools: finding what a script runs, running it with a limit, leaving nobody behind.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingDependency } from "./environment.mjs";
import { run } from "./process.mjs";
import { seconds, tail } from "./say.mjs";
import { scriptCommand } from "./script.mjs";
import { files, members, packages, root } from "./workspace.mjs";

it("the members are the packages, apps, tests, benchmarks and docs", () => {
  expect(packages().map((m) => m.short)).toEqual(["client", "codegen", "core", "devtools", "persist", "server"]);
  expect(members().map((m) => m.path)).toEqual(expect.arrayContaining(["apps/demo", "tests-e2e", "benchmarks", "docs"]));
});

it("sources are listed without what was installed or built", () => {
  const all = files("packages", () => true);
  expect(all).toContain("packages/core/package.json");
  expect(all.filter((f) => /node_modules|\/dist\//.test(f))).toEqual([]);
});

it("a package script becomes a command without a shell", () => {
  const [node, bin, ...rest] = scriptCommand(join(root, "apps", "demo"), "build");
  expect(node).toBe(process.execPath);
  expect(existsSync(bin ?? "")).toBe(true);
  expect(rest).toEqual(["build"]);
});

it("everything declared is installed here", () => {
  expect(missingDependency()).toBeUndefined();
});

it("a child's code, output and end are known; out of time is 124, not found 127", async () => {
  expect(await run(process.execPath, ["-e", "console.log('out'); console.error('err'); process.exit(3)"])).toMatchObject({ code: 3 });
  expect((await run(process.execPath, ["-e", "console.log('out')"])).output).toBe("out\n");
  expect(await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { timeoutMs: 200 })).toMatchObject({ code: 124 });
  expect(await run("no-such-command", [])).toMatchObject({ code: 127 });
});

it("what a child leaves behind ends with it", async () => {
  // The grandchild holds the pipe of the output: without its end, run() would wait for ever.
  const leaves = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }).unref(); console.log("left")`;
  expect(await run(process.execPath, ["-e", leaves], { timeoutMs: 60_000 })).toMatchObject({ code: 0, output: "left\n" });
});

it("words for people", () => {
  expect(seconds(1234)).toBe("1.2 s");
  expect(tail("a\nb\nc\n", 2)).toBe("b\nc");
});
