// JSX12: the plugins of Vite, esbuild and the other bundlers give the same module.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build as esbuild } from "esbuild";
import { build as viteBuild } from "vite";
import { vango as esbuildPlugin } from "../../src/esbuild.js";
import { transform, unplugin } from "../../src/unplugin.js";
import { vango as vitePlugin } from "../../src/vite.js";
import { fixture, type Fixture } from "./fixture.js";

let app: Fixture;
beforeAll(async () => {
  app = await fixture({
    "main.tsx": 'import type { X } from "./x";\nconst title: string = "t";\nexport const page = <h1 class={title}>hello</h1>;\n',
    "bad.tsx": "export const a = 1;\n\nexport const b = <table><tr /></table>;\n",
    "bad.ts": 'import { component } from "@vango/core";\nexport const A = component((setup) => { if (1) setup.signal(1); return () => null; });\n',
  });
}, 60_000);
afterAll(() => app.remove());

/** Evaluates a bundle and reads what it exports. */
async function page(code: string): Promise<{ html: string; slot: unknown }> {
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as { page: { template: { html: string }; ev(i: number): unknown } };
  return { html: module.page.template.html, slot: module.page.ev(0) };
}

describe("plugins", { timeout: 60_000 }, () => {
  test("JSX12: esbuild", async () => {
    const { outputFiles } = await esbuild({ entryPoints: [join(app.dir, "main.tsx")], bundle: true, format: "esm", write: false, sourcemap: "external", outdir: "out", plugins: [esbuildPlugin()] });
    const js = outputFiles.find((f) => f.path.endsWith(".js"))?.text ?? "";
    expect(await page(js)).toEqual({ html: "<h1>hello</h1>", slot: "t" });
    const map = JSON.parse(outputFiles.find((f) => f.path.endsWith(".map"))?.text ?? "{}") as { sources: string[]; sourcesContent: string[] };
    const index = map.sources.findIndex((s) => s.endsWith("main.tsx"));
    expect(map.sourcesContent[index]).toContain("const title: string");
  });

  test("JSX12: esbuild reports findings with place, lines and fix", async () => {
    const failed = esbuild({ entryPoints: [join(app.dir, "bad.tsx")], bundle: true, write: false, outdir: "out", logLevel: "silent", absWorkingDir: app.dir, plugins: [esbuildPlugin()] });
    await expect(failed).rejects.toMatchObject({
      errors: [{ text: expect.stringContaining("VANGO_TPL_NESTING: ") as string, location: { file: "bad.tsx", line: 3, column: 24, lineText: "export const b = <table><tr /></table>;" }, notes: [{ text: expect.stringContaining("Why: ") as string }, { text: expect.stringContaining("Fix: ") as string }] }],
    });
  });

  test("JSX12: Vite", async () => {
    const result = await viteBuild({ root: app.dir, configFile: false, logLevel: "silent", build: { write: false, minify: false, lib: { entry: "main.tsx", formats: ["es"] } }, plugins: [vitePlugin()] });
    const output = (Array.isArray(result) ? result[0] : result) as { output: { code: string }[] };
    expect(await page(output.output[0]?.code ?? "")).toEqual({ html: "<h1>hello</h1>", slot: "t" });
  });

  test("JSX12: Vite fails with the finding", async () => {
    const failed = viteBuild({ root: app.dir, configFile: false, logLevel: "silent", build: { write: false, lib: { entry: "bad.tsx", formats: ["es"] } }, plugins: [vitePlugin()] });
    await expect(failed).rejects.toThrow(/bad\.tsx:3:25 VANGO_TPL_NESTING[\s\S]*> 3 \| export const b/);
  });

  test("JSX12: other bundlers, by unplugin", async () => {
    const result = await viteBuild({ root: app.dir, configFile: false, logLevel: "silent", build: { write: false, minify: false, lib: { entry: "main.tsx", formats: ["es"] } }, plugins: [unplugin.rolldown()] });
    const output = (Array.isArray(result) ? result[0] : result) as { output: { code: string }[] };
    expect(await page(output.output[0]?.code ?? "")).toEqual({ html: "<h1>hello</h1>", slot: "t" });
  });

  test("JSX12: which files are compiled", () => {
    const jsx = "export const a = <p />;";
    expect(transform(jsx, "/app/a.tsx", undefined)?.code).toContain("_$view");
    expect(transform(jsx, "/app/a.jsx?v=1", undefined)?.code).toContain("_$view");
    expect(transform(jsx, "/app/a.tsx?raw", undefined)).toBeUndefined();
    expect(transform(jsx, "/app/node_modules/x/a.tsx", undefined)).toBeUndefined();
    expect(transform(jsx, "/app/a.css", undefined)).toBeUndefined();
    expect(transform(jsx, "/app/a.tsx", { include: /\.view\.tsx$/ })).toBeUndefined();
    expect(transform("export const a = 1;", "/app/a.ts", undefined)).toBeUndefined();
    expect(() => transform('import { component } from "@vango/core"; component((s) => { if (1) s.signal(1); return () => null; });', "/app/a.ts", undefined)).toThrow(/VANGO_JSX_CONDITIONAL_SETUP/);
  });
});
