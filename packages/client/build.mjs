// Builds the two files that pages load, with source maps: dist/vango.min.js (the entry, a classic script) and
// dist/vango-more.min.js (the second part, a module; see src/part.ts).
// esbuild bundles, terser minifies: together they are 6 % smaller than esbuild alone. Properties that end in `_` are
// private to one file and are renamed. Core is taken from its source, module by module, because the bundle has a codec of
// its own (src/codec.ts) in the place of core's.
import { build } from "esbuild";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const core = {
  name: "core-from-source",
  setup({ onResolve }) {
    onResolve({ filter: /^@vango\/core\/protocol$/ }, () => ({ path: at("../core/src/protocol/index.ts"), sideEffects: false }));
    onResolve({ filter: /\/(decode-)?payload\.js$/ }, ({ importer }) =>
      importer.startsWith(at("../core/")) ? { path: at("src/codec.ts") } : undefined,
    );
  },
};

async function bundle(entry, name, format) {
  const { outputFiles } = await build({
    entryPoints: [at(entry)],
    outfile: at(`dist/${name}`),
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
    plugins: [core],
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
      sourceMap: { content: map, filename: name, url: `${name}.map` },
    },
  );
  await mkdir(at("dist"), { recursive: true });
  await writeFile(at(`dist/${name}`), result.code);
  await writeFile(at(`dist/${name}.map`), result.map);
}

await bundle("src/boot.ts", "vango.min.js", "iife");
await bundle("src/more/index.ts", "vango-more.min.js", "esm");
