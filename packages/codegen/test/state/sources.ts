/** Small apps made of declarations, extracted: what the rules' fixtures and the end-to-end soundness run are made of. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createExtractor, type Extraction } from "../../src/state/extract/extract.js";
import { keptApp } from "../commands/app.js";

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, exactOptionalPropertyTypes: true, target: "ES2022", lib: ["ES2023"], module: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", types: [] },
  include: ["app"],
});

const IMPORTS = 'import { component, sessionKey } from "@vango/core";\n';

/** A module that keeps a value of the type `State` under a key. */
export const stateModule = (source: string, key: string): string =>
  `${IMPORTS}${source}\nexport const C = component((setup) => { const s = setup.sharedSignal<State>(${JSON.stringify(key)}, null as never); return () => null; });\n`;

/** A module that keeps a value of each of these types, under its name. */
export const typesModule = (declarations: string, names: readonly string[]): string =>
  `${IMPORTS}${declarations}\n${names.map((name) => `export const C${name} = component((setup) => { const s = setup.sharedSignal<${name}>("${name}", null as never); return () => null; });`).join("\n")}\n`;

/** A module with declarations as they stand in a component, or beside one. */
export function declarationModule(source: string): string {
  const at = /^(?:\/\*\*.*\*\/\n)?const \w+ = setup\./m.exec(source)?.index;
  if (at === undefined) return `${IMPORTS}${source}\n`;
  return `${IMPORTS}${source.slice(0, at)}\nexport const C = component((setup) => {\n${source.slice(at)}\nreturn () => null; });\n`;
}

/** What several states of one app extract to, one after the other: one compiler for all. */
export async function extractInTurn(states: readonly Readonly<Record<string, string>>[]): Promise<readonly Extraction[]> {
  const root = keptApp({ "tsconfig.json": TSCONFIG });
  try {
    const extractor = await createExtractor(root);
    const found: Extraction[] = [];
    const names = new Set(states.flatMap((state) => Object.keys(state)));
    for (const state of states) {
      for (const name of names) writeFileSync(join(root, "app", name), state[name] ?? "export {};\n");
      found.push(extractor.extract([...names].map((name) => `app/${name}`)));
    }
    return found;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
