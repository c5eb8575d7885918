// Static files: fingerprinted by content, compressed where that saves bytes, nothing random.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildAssets } from "../../src/commands/assets.js";
import { tree } from "../routes/tree.js";

const CSS = "body { color: red }\n".repeat(50);

it("C5: keeps each file under its name and a fingerprinted one, with .br and .gz that decompress to it", async () => {
  const root = tree({ "public/css/site.css": CSS, "public/tiny.txt": "a", "public/photo.jpg": "x".repeat(500) });
  const manifest = await buildAssets(join(root, "public"), join(root, "out"));
  expect(Object.keys(manifest.files)).toEqual(["/css/site.css", "/photo.jpg", "/tiny.txt"]);
  const css = manifest.files["/css/site.css"];
  expect(css?.url).toMatch(/^\/css\/site\.[0-9a-z]{10}\.css$/);
  for (const name of ["/css/site.css", css?.url ?? ""]) {
    const file = join(root, "out", name);
    expect(readFileSync(file, "utf8")).toBe(CSS);
    expect(brotliDecompressSync(readFileSync(`${file}.br`)).toString()).toBe(CSS);
    expect(gunzipSync(readFileSync(`${file}.gz`)).toString()).toBe(CSS);
  }
  expect(css?.br).toBeLessThan(CSS.length);
  for (const name of ["photo.jpg.br", "tiny.txt.br", "tiny.txt.gz"]) expect(existsSync(join(root, "out", name))).toBe(false);
});

it("C5: is deterministic, and a changed file gets another name", async () => {
  const run = (css: string) => {
    const root = tree({ "public/a.css": css });
    return buildAssets(join(root, "public"), join(root, "out"));
  };
  expect(await run(CSS)).toEqual(await run(CSS));
  expect((await run(`${CSS} `)).files["/a.css"]?.url).not.toBe((await run(CSS)).files["/a.css"]?.url);
});

it("no folder: an empty manifest", async () => {
  expect(await buildAssets("/nowhere-at-all", "/nowhere-too")).toEqual({ version: 1, files: {} });
});
