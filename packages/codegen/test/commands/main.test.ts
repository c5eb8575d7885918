// The command line as a user meets it: exit codes 0 and 1, errors with a fix.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../src/commands/main.js";
import { page, tree } from "../routes/tree.js";

let out: string[] = [];
beforeEach(() => {
  out = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void out.push(text));
  vi.spyOn(console, "error").mockImplementation((text: string) => void out.push(text));
});
afterEach(() => vi.restoreAllMocks());

const run = async (...argv: readonly string[]) => ({ code: await main(argv), text: out.join("\n") });

it("C1: lists the commands: exit 0 when asked, 1 when nothing was said", async () => {
  expect(await run("--help")).toMatchObject({ code: 0, text: expect.stringMatching(/vango dev[\s\S]*vango build[\s\S]*vango start[\s\S]*vango gen routes/) });
  expect((await run()).code).toBe(1);
});

it("shows a command's flags", async () => {
  expect(await run("start", "--help")).toMatchObject({ code: 0, text: expect.stringMatching(/--port[\s\S]*--host[\s\S]*--workers[\s\S]*--cwd/) });
});

it("shows its version", async () => {
  expect(await run("--version")).toMatchObject({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});

it.each([
  [["biuld"], /VANGO_CLI_USAGE: .*Did you mean `vango build`\?[\s\S]*fix:/],
  [["gen"], /Did you mean `vango gen routes`/],
  [["build", "--prot", "1"], /`vango build` does not know `--prot`/],
  [["start", "--prot=1"], /Did you mean `--port`\?/],
  [["start", "--port"], /--port needs a value/],
  [["state", "alias", "shared", "cart"], /`vango state alias KIND OLD-KEY NEW-KEY` needs NEW-KEY too\./],
  [["state", "alias"], /needs KIND and OLD-KEY and NEW-KEY too\./],
  [["start", "--workers", "none"], /VANGO_CLI_USAGE: .*--workers must be a whole number from 1 to 256/],
  [["dev", "--workers", "4"], /VANGO_WORKERS/],
])("C1: %j: exit 1 with a coded error", async (argv, pattern) => {
  expect(await run(...argv)).toMatchObject({ code: 1, text: expect.stringMatching(pattern) });
});

it("C1: no package.json, no routes, not built: exit 1, each with its fix", async () => {
  const empty = tree({ "a.txt": "" });
  const bare = tree({ "package.json": "{}" });
  expect(await run("build", "--cwd", empty)).toMatchObject({ code: 1, text: expect.stringContaining("VANGO_NO_APP") });
  for (const command of [["build"], ["dev", "--port", "0"], ["gen", "routes"], ["gen", "routes", "--check"]]) {
    out = [];
    expect(await run(...command, "--cwd", bare)).toMatchObject({ code: 1, text: expect.stringMatching(/VANGO_NO_ROUTES[\s\S]*fix: .*app\/routes\/index\.tsx/) });
  }
  out = [];
  expect(await run("start", "--cwd", bare)).toMatchObject({ code: 1, text: expect.stringMatching(/VANGO_NOT_BUILT[\s\S]*fix: .*vango build/) });
});

it("R8: gen routes writes, --check passes and then fails on a new page", async () => {
  const root = tree({ "package.json": "{}", "app/routes/index.tsx": page });
  expect(await run("gen", "routes", "--check", "--cwd", root)).toMatchObject({ code: 1, text: expect.stringContaining("VANGO_ROUTES_STALE") });
  expect((await run("gen", "routes", `--cwd=${root}`)).code).toBe(0);
  expect((await run("gen", "routes", "--check", "--cwd", root)).code).toBe(0);
});
