// The checks' own judgement, on small inputs: each must be able to fail.
import { expect, it } from "vitest";
import { nodeIsSupported, portIsFree } from "../lib/environment.mjs";
import { members } from "../lib/workspace.mjs";
import { createServer } from "node:net";
import { importsOf, judge, mermaid } from "./dependencies.mjs";
import { codesOf } from "./error-pages.mjs";
import { citationsOf, rulesOf } from "./spec-citations.mjs";
import { brotliSize } from "./client-size.mjs";
import { limitsOf } from "./limits-page.mjs";
import { expectedOf, snippetsOf } from "./snippets.mjs";

const all = members();
const byName = new Map(all.map((m) => [m.name, m]));
/** @param {string} from @param {string} name @param {string} [file] */
function verdict(from, name, file) {
  const member = all.find((m) => m.short === from);
  if (member === undefined) throw new Error(from);
  return judge(member, file ?? `${member.path}/src/a.ts`, name, byName);
}

it("dependency direction: arrows of the graph pass, others fail with what is allowed", () => {
  expect(verdict("server", "@vango/core/internal")).toBeUndefined();
  expect(verdict("client", "@vango/core/protocol")).toBeUndefined();
  expect(verdict("client", "@vango/core")).toContain("allowed: core/protocol");
  expect(verdict("core", "@vango/server")).toContain("nothing internal");
  expect(verdict("server", "@vango/client")).toContain("may not import");
  expect(verdict("persist", "@vango/server")).toContain("may not import");
});

it("dependency direction: no path into another package, no Node in platform-free code", () => {
  expect(verdict("server", "@vango/core/dist/index.js")).toContain("not in the exports");
  expect(verdict("server", "../../core/src/index.js")).toContain("leaves the package");
  expect(verdict("server", "../other.js", "packages/server/src/sub/a.ts")).toBeUndefined();
  expect(verdict("core", "node:fs")).toContain("platform-free");
  expect(verdict("server", "node:fs")).toBeUndefined();
  expect(verdict("demo", "@vango/core/internal")).toContain("public entry");
});

it("dependency direction: static, type, dynamic and re-exporting imports are all seen", () => {
  const names = importsOf(`import a from "a"; import type { B } from "b";\nexport * from "c"; const d = await import("d");`);
  expect(names.map((n) => n.name)).toEqual(["a", "b", "c", "d"]);
  expect(names[2]?.line).toBe(2);
  expect(mermaid(new Set(["b --> a", "a --> c"]))).toBe("```mermaid\nflowchart TD\n  a --> c\n  b --> a\n```");
});

it("rules are read off a SPEC, citations off test names and not off comments", () => {
  expect(rulesOf("**T1** a rule\n- **T2.** another\ntext **T3** inside\n  **XY12** x")).toEqual(["T1", "T2", "XY12"]);
  expect([...citationsOf(`// T9\nit("T1: a", () => {}); it.each([1])('T2, T3: b', f); /* "T8" */ test(\`X4: c\`)`)]).toEqual(["T1", "T2", "T3", "X4"]);
});

it("codes are read off a catalogue, and not off its comments", () => {
  expect(codesOf(`export const errors = {\n  VANGO_A: { message: "" },\n  // VANGO_B: { message: "" }\n  "VANGO_C_2": {\n    message: "",\n  },\n}; const e = { code: "VANGO_D" };`))
    .toEqual(["VANGO_A", "VANGO_C_2"]);
});

it("the size of what is served is its brotli size", () => {
  expect(brotliSize(Buffer.from("a".repeat(10_000)))).toBeLessThan(30);
});

it("Node versions: those of `engines`", () => {
  expect(["20.19.0", "v20.20.2", "22.12.0", "24.1.0"].map(nodeIsSupported)).toEqual([true, true, true, true]);
  expect(["18.20.0", "20.18.3", "21.7.0", "22.11.0", ""].map(nodeIsSupported)).toEqual([false, false, false, false, false]);
});

it("a taken port is seen", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  expect(await portIsFree(port, "127.0.0.1")).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await portIsFree(port, "127.0.0.1")).toBe(true);
});

it("limits are read off tables and constants, with their comments", () => {
  const source = `/** Depth of a payload. */\nexport const DEPTH = 64;\nexport const T = {\n  /** A message, in bytes. */\n  message: 64 * 1024,\n  depth: DEPTH,\n  run: 1 << 20, // items\n  name: "x",\n};`;
  expect(limitsOf(source)).toEqual([
    { name: "DEPTH", value: 64, text: "Depth of a payload." },
    { name: "message", value: 65_536, text: "A message, in bytes." },
    { name: "run", value: 1_048_576, text: "items" },
  ]);
});

it("snippets are found with their place, mode and expected output", () => {
  const text = "text\n```tsx run\nconsole.log(1); // → 1\n```\n```text\nno\n```\n```ts error=VANGO_X\na\n```\n";
  expect(snippetsOf(text, "a.md")).toEqual([
    { file: "a.md", line: 3, lang: "tsx", run: true, fragment: false, error: undefined, code: "console.log(1); // → 1", expected: ["1"] },
    { file: "a.md", line: 9, lang: "ts", run: false, fragment: false, error: "VANGO_X", code: "a", expected: [] },
  ]);
  expect(expectedOf("a(); // → one\nb(); // two\n")).toEqual(["one"]);
});
