// Static files for production: each file of public/ under its own name and under a fingerprinted one,
// both with precompressed .br and .gz beside them where that saves bytes.

import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { shortHash } from "../routes/emit.js";

export interface Asset {
  /** URL path with the content's hash: may be cached forever. */
  readonly url: string;
  readonly bytes: number;
  readonly br?: number;
  readonly gz?: number;
}

/** dist/assets.json: URL path → what it is served as. */
export interface AssetManifest { readonly version: 1; readonly files: Readonly<Record<string, Asset>> }

/** Extensions whose content compresses; images, fonts and archives are compressed already. */
const COMPRESSIBLE = new Set([".css", ".csv", ".html", ".ico", ".js", ".json", ".map", ".md", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);

/** Copies `from` to `to`. Gives the manifest, sorted by path; empty when there is no folder. */
export async function buildAssets(from: string, to: string): Promise<AssetManifest> {
  if (!existsSync(from)) return { version: 1, files: {} };
  const found = await readdir(from, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && entry.name !== ".DS_Store").map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join("/")).sort();
  const done = await Promise.all(files.map(async (file) => [`/${file}`, await buildAsset(from, to, file)] as const));
  return { version: 1, files: Object.fromEntries(done) };
}

async function buildAsset(from: string, to: string, file: string): Promise<Asset> {
  const content = await readFile(join(from, file));
  const extension = extname(file);
  const hashed = `${file.slice(0, file.length - extension.length)}.${shortHash(content)}${extension}`;
  await mkdir(dirname(join(to, file)), { recursive: true });
  await Promise.all([file, hashed].map((name) => copyFile(join(from, file), join(to, name))));
  const small = COMPRESSIBLE.has(extension.toLowerCase()) ? await compress(content) : [];
  await Promise.all(small.flatMap(([suffix, bytes]) => [file, hashed].map((name) => writeFile(join(to, `${name}.${suffix}`), bytes))));
  return { url: `/${hashed}`, bytes: content.length, ...Object.fromEntries(small.map(([suffix, bytes]) => [suffix, bytes.length])) };
}

/** The encodings that save at least 5 %. */
async function compress(content: Buffer): Promise<readonly (readonly ["br" | "gz", Buffer])[]> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  return ([["br", br], ["gz", gz]] as const).filter(([, bytes]) => bytes.length < content.length * 0.95);
}
