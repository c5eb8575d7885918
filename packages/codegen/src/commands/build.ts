// `vango build`: dist/main.js (a server to run with `vango start` or `node`), dist/app.js with its chunks, dist/public and dist/assets.json.
// Invariant: dist is replaced only when the bundle succeeded; a failed build leaves the last one running.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build as bundle, type BuildFailure, type BuildResult, type Plugin } from "esbuild";
import { vango } from "../esbuild.js";
import { shortHash } from "../routes/emit.js";
import { ROUTES_FILE, writeRoutes } from "../routes/generate.js";
import { BINDINGS_FILE } from "../state/artifacts/model.js";
import { buildAssets } from "./assets.js";
import { builtState } from "./build-state.js";
import { BUILT_STATE_FILE } from "./built-state.js";
import { cliError } from "./errors.js";
import { packageFile } from "./own-files.js";

/** What is bundled into dist/main.js and dist/app.js. */
const ENTRIES: Readonly<Record<"main" | "app", string>> = { main: "vango:main", app: "vango:app" };

/** The runtime. It loads the app when it is to run it: a supervisor of workers does without. */
function mainModule(): string {
  return [
    `import { serve } from ${JSON.stringify(packageFile("dist/serve.js"))};`,
    'import { fileURLToPath } from "node:url";',
    "const here = (path) => fileURLToPath(new URL(path, import.meta.url));",
    'await serve({ file: here("./main.js"), publicDir: here("./public"), load: () => import("./app.js") });',
  ].join("\n");
}

/** The app's modules, as the runtime takes them. */
function appModule(root: string): string {
  const main = ["app/main.ts", "app/main.tsx", "app/main.js"].find((file) => existsSync(join(root, file)));
  return [
    'import { createApp } from "@vango/server";',
    `import { routes } from "./${ROUTES_FILE}";`,
    main === undefined ? "const main = undefined;" : `import * as main from "./${main}";`,
    existsSync(join(root, BINDINGS_FILE)) ? `import state from "./${BINDINGS_FILE}";` : "const state = undefined;",
    "export const modules = { createApp, main };",
    "export { routes, state };",
  ].join("\n");
}

function entryPlugin(root: string): Plugin {
  return {
    name: "vango-entry",
    setup(build) {
      build.onResolve({ filter: /^vango:(main|app)$/ }, ({ path }) => ({ path, namespace: "vango" }));
      build.onResolve({ filter: /^\.\/app\.js$/, namespace: "vango" }, ({ importer, path }) => (importer === ENTRIES.main ? { path, external: true } : undefined));
      build.onLoad({ filter: /.*/, namespace: "vango" }, ({ path }) => ({ contents: path === ENTRIES.main ? mainModule() : appModule(root), resolveDir: root, loader: "js" }));
    },
  };
}

/** A hash of every source that went into the bundle: two builds of equal sources have equal ids. */
async function sourcesId(root: string, result: BuildResult<{ metafile: true }>): Promise<string> {
  const hash = createHash("sha256");
  const inputs = Object.keys(result.metafile.inputs).filter((file) => !file.startsWith("vango:") && !file.includes("node_modules")).sort();
  for (const file of inputs) {
    const path = join(root, file);
    if (relative(root, path).startsWith("..")) continue;
    hash.update(file).update("\0").update(await readFile(path)).update("\0");
  }
  return shortHash(hash.digest());
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Builds the app at `root`. @throws VangoError `VANGO_BUILD_FAILED`, `VANGO_NO_ROUTES`, `VANGO_ROUTE_…` */
export async function build(root: string, say: (line: string) => void): Promise<void> {
  const begun = performance.now();
  const { routes } = writeRoutes(root);
  const state = await builtState(root, say);
  const dist = join(root, "dist");
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: dist,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    chunkNames: "chunks/[hash]",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [entryPlugin(root), vango()],
    logLevel: "warning",
  }).catch((error: unknown) => {
    const count = (error as Partial<BuildFailure>).errors?.length;
    if (count === undefined) throw error;
    throw cliError("VANGO_BUILD_FAILED", { message: `${count} ${count === 1 ? "error" : "errors"}.` });
  });

  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const id = await sourcesId(root, result);
  const listId = /buildId: "(\w+)"/.exec(await readFile(join(root, ROUTES_FILE), "utf8"))?.[1] ?? "";
  for (const file of result.outputFiles) {
    await mkdir(dirname(file.path), { recursive: true });
    // the committed id names the route list; a deployed build is named by its sources. Both have 10 characters: source maps stay exact
    const text = file.path.endsWith(".js") ? file.text.replace(`buildId: "${listId}"`, `buildId: "${id}"`) : undefined;
    await writeFile(file.path, text ?? file.contents);
  }
  if (state !== undefined) await writeFile(join(dist, BUILT_STATE_FILE), `${JSON.stringify(state, undefined, 2)}\n`);
  await mkdir(join(dist, "public"));
  const assets = await buildAssets(join(root, "public"), join(dist, "public"));
  await writeFile(join(dist, "assets.json"), `${JSON.stringify(assets, undefined, 2)}\n`);

  const scripts = result.outputFiles.filter((file) => file.path.endsWith(".js"));
  const files = Object.values(assets.files);
  say(`dist/main.js     ${routes.length} routes, ${scripts.length} files, ${kilobytes(scripts.reduce((sum, file) => sum + file.contents.length, 0))}`);
  say(`dist/public      ${files.length} files, ${kilobytes(files.reduce((sum, file) => sum + file.bytes, 0))}, ${kilobytes(files.reduce((sum, file) => sum + (file.br ?? file.bytes), 0))} compressed`);
  say(`build ${id} in ${((performance.now() - begun) / 1000).toFixed(1)} s; run it with \`vango start\``);
}
