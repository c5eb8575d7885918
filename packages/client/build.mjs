// Builds the two files that pages load, with source maps: dist/vango.min.js (the entry, a classic script) and
// dist/vango-more.min.js (the second part, a module; see src/part.ts).
// esbuild bundles, terser minifies: together they are 6 % smaller than esbuild alone. Properties that end in `_` are
// private to one file and are renamed. Core is taken from its source, module by module, because the bundle has a codec of
// its own in the place of core's: src/more/codec.ts in the second file, to which src/codec-link.ts leads from the entry.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Where the files go; a test gives a directory of its own. */
const out = process.argv[2] ?? at("dist");

const core = (codec) => ({
  name: "core-from-source",
  setup({ onResolve }) {
    onResolve({ filter: /^@vango\/core\/protocol$/ }, () => ({ path: at("../core/src/protocol/index.ts"), sideEffects: false }));
    onResolve({ filter: /\/(decode-)?payload\.js$/ }, ({ importer }) =>
      importer.startsWith(at("../core/")) ? { path: at(codec), sideEffects: false } : undefined,
    );
  },
});

/** Writes one file; `banner` stands in front of its code. Returns a hash of what was written. */
async function bundle(entry, codec, name, format, banner = "") {
  const { outputFiles } = await build({
    entryPoints: [at(entry)],
    outfile: join(out, name),
    bundle: true,
    write: false,
    format,
    platform: "browser",
    target: ["chrome93", "firefox92", "safari15.4"],
    minifySyntax: true,
    sourcemap: "external",
    sourcesContent: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    plugins: [core(codec)],
  });
  const [map, code] = outputFiles.sort((a, b) => b.path.length - a.path.length).map((file) => file.text);
  const result = await minify(
    { [name]: code },
    {
      ecma: 2020,
      module: format === "esm",
      toplevel: true,
      compress: { passes: 4, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false },
      mangle: { properties: { regex: /[a-z]_$/ } },
      format: { preamble: banner },
      sourceMap: { content: map, filename: name },
    },
  );
  await mkdir(out, { recursive: true });
  await writeFile(join(out, name), result.code);
  await writeFile(join(out, `${name}.map`), result.map);
  return createHash("sha256").update(result.code).digest("base64url").slice(0, 8);
}

// The entry carries the other file's hash: who names both by the entry's hash serves no stale pair.
const more = await bundle("src/more/index.ts", "src/more/codec.ts", "vango-more.min.js", "esm");
await bundle("src/boot.ts", "src/codec-link.ts", "vango.min.js", "iife", `/*${more}*/`);
