// JSX11: a .tsx application runs under plain Node, and a stack trace names its own lines.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "esbuild";
import { coreAlias, fixture, type Fixture } from "./fixture.js";

const src = fileURLToPath(new URL("../../src/", import.meta.url));
let app: Fixture;

beforeAll(async () => {
  app = await fixture({});
  await build({ entryPoints: { register: `${src}register.ts`, "register-hooks": `${src}register-hooks.ts` }, outdir: join(app.dir, "dist"), bundle: true, format: "esm", platform: "node", packages: "external", alias: coreAlias });
}, 60_000);
afterAll(() => app.remove());

/** Runs a file of the fixture. */
function run(file: string): Promise<{ out: string; err: string; code: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "./dist/register.js", file], { cwd: app.dir, env: { ...process.env, NODE_OPTIONS: "" } }, (error, out, err) => {
      resolve({ out, err, code: error === null ? 0 : Number(error.code) });
    });
  });
}

describe("register", { timeout: 60_000 }, () => {
  test("JSX11: types are stripped, JSX is compiled, .js finds .ts and .tsx, stacks are mapped", async () => {
    app.write({
      "main.tsx": 'import { Part } from "./part.js";\nimport { label, type Label } from "./label";\nconst l: Label = label;\nconst v = <p>{l} é</p> as unknown as { ev(i: number): unknown; template: { html: string } };\nconsole.log(v.template.html, v.ev(0));\nPart().ev(0)();\n',
      "part.tsx": "interface View { ev(i: number): () => void }\n\nexport function Part(): View {\n  const view = (\n    <section>\n      <button\n        onClick={() => {\n          const unused: number = 1;\n          throw new Error('é in handler');\n        }}\n      />\n    </section>\n  );\n  return view as unknown as View;\n}\n",
      "label.ts": 'export type Label = string;\nexport const label: Label = "hello";\n',
    });
    const { out, err, code } = await run("main.tsx");
    expect(out).toBe("<p></p> hello é\n");
    expect(code).toBe(1);
    expect(err).toContain("é in handler");
    expect(err).toMatch(/at .*part\.tsx:9:17/);
    expect(err).toMatch(/at .*main\.tsx:6:\d+/);
  });

  test("JSX11: a finding stops the module with its place and fix", async () => {
    app.write({ "bad.tsx": "export const a = (\n  <p><div /></p>\n);\n" });
    const { err, code } = await run("bad.tsx");
    expect(code).toBe(1);
    expect(err).toContain("bad.tsx:2:6 VANGO_TPL_NESTING");
    expect(err).toContain("> 2 |   <p><div /></p>");
  });

  test("JSX11: a module that is not there is reported under the name that was asked for", async () => {
    app.write({ "missing.ts": 'import "./gone.js";\n' });
    const { err } = await run("missing.ts");
    expect(err).toContain("gone.js");
    expect(err).toContain("ERR_MODULE_NOT_FOUND");
  });
});
