// Three versions of the demo, made from its own sources: the release room counts claps, then has a mood too, then keeps its claps
// as another type. Each version's artifacts are made by `vango state`, as a developer makes them.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const demo = dirname(createRequire(import.meta.url).resolve("@vango/demo/package.json"));
const PAGE = "app/routes/live.tsx";

const button = (name: string, does: string): string => `<button type="button" data-testid="${name}" onClick={() => ${does}}>${name}</button>`;
const output = (name: string): string => `<output data-testid="${name}">{${name}.get()}</output>`;
const claps = { state: `const claps = setup.sharedSignal("release-room.claps", 0);`, view: button("clap", "claps.inc()") + output("claps") };
const mood = { state: `const mood = setup.sharedSignal("release-room.mood", "calm");`, view: button("cheer", `mood.set("cheerful")`) + output("mood") };
const wordy = { state: `const claps = setup.sharedSignal("release-room.claps", "none");`, view: button("clap", `claps.set("some")`) + output("claps") };

export const VERSIONS = { first: [claps], warm: [claps, mood], cold: [wordy, mood] } as const;
export type Version = keyof typeof VERSIONS;

/** A copy of the demo's sources without its artifacts. It lies in this package, so that it finds ours. */
export function copyDemo(): string {
  const root = fileURLToPath(new URL("../.vango/deployed-demo", import.meta.url));
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const name of ["app", "public", "package.json", "tsconfig.json"]) cpSync(join(demo, name), join(root, name), { recursive: true });
  symlinkSync(join(demo, "node_modules"), join(root, "node_modules"), "dir");
  const config = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as { extends?: string };
  if (config.extends !== undefined) writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ ...config, extends: join(demo, config.extends) }));
  return root;
}

/** Makes the copy's release room that of a version. */
export function writeVersion(root: string, version: Version): void {
  const parts = VERSIONS[version];
  const source = readFileSync(join(demo, PAGE), "utf8");
  const put = (text: string, after: string, what: string): string => {
    if (text.split(after).length !== 2) throw new Error(`The demo's release room has changed: ${after}`);
    return text.replace(after, () => `${after}\n${what}`);
  };
  const state = put(source, "const me = setup.use(Me);", parts.map((part) => part.state).join("\n"));
  writeFileSync(join(root, PAGE), put(state, "<h1>Release room</h1>", `<p data-testid="version">${version}</p>${parts.map((part) => part.view).join("")}`));
}

/** What is released together: what was built, and the artifacts that it was checked with. */
const RELEASED = ["dist", "vango_state_manifest.json", "vango_state_schema.json", "vango_state_bindings_gen.ts"];

/** Keeps a release. */
export function keepBuild(root: string, version: Version): void {
  for (const name of RELEASED) cpSync(join(root, name), join(root, ".vango", version, name), { recursive: true });
}

/** Puts a kept release in its place. */
export function useBuild(root: string, version: Version): void {
  for (const name of RELEASED) {
    rmSync(join(root, name), { recursive: true });
    cpSync(join(root, ".vango", version, name), join(root, name), { recursive: true });
  }
}
