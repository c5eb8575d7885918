// The persisted state of an app, as its sources declare it: every key with its type, or what is wrong with it. Syntax says what is
// written, the type checker which calls are core's and what type they keep. Files are read, never run.
import { relative, sep } from "node:path";
import { parseSync } from "oxc-parser";
import type ts from "typescript";
import { placeOf } from "@vango/core/internal";
import { finding, placeText, type StateFinding } from "../findings.js";
import { isSchemaId, mayDeclareState, sitesIn, type StateSite } from "../initial/sites.js";
import { byCodeUnits, canonical, hashOf, hashOfSchema } from "../schema/canonical.js";
import type { StateEntry } from "../state-entry.js";
import { coreCalls, coreDeclarations, valueType, type CoreCall } from "./core-calls.js";
import { enumPort } from "./enum-members.js";
import { TypeNames, type NamedType } from "./names.js";
import { AppProgram, loadTypeScript } from "./program.js";
import { settle } from "./settle.js";
import { TypeReader, TypeRefusal } from "./type-reader.js";

/** What the sources say. With findings, the entries are those that are right. */
export interface Extraction {
  /** Sorted by kind and key; one a key, the first of its places. */
  readonly entries: readonly StateEntry[];
  readonly findings: readonly StateFinding[];
}

/** Extracts again and again from one app. */
export interface Extractor {
  /** Files that changed since the last time, from the root; undefined: any may have. */
  extract(changed?: readonly string[]): Extraction;
}

/** @throws VangoError `VANGO_STATE_TSCONFIG` */
export async function createExtractor(root: string): Promise<Extractor> {
  const app = new AppProgram(await loadTypeScript(), root);
  return {
    extract(changed) {
      app.changed(changed);
      return extractFrom(app);
    },
  };
}

function extractFrom(app: AppProgram): Extraction {
  const { ts, root } = app;
  const program = app.program();
  const files = app.sources(program).filter((file) => mayDeclareState(file.text));
  if (files.length === 0) return { entries: [], findings: [] };
  const checker = program.getTypeChecker();
  const names = new TypeNames(ts, checker, program, root);
  const declarations = coreDeclarations(ts, checker, files);
  const findings: StateFinding[] = [];
  const found: StateEntry[] = [];
  for (const file of files) {
    const path = relative(root, file.fileName).split(sep).join("/");
    const one = extractFile({ ts, checker, names, file, path, calls: coreCalls(ts, checker, file, declarations) });
    findings.push(...one.findings);
    found.push(...one.entries);
  }
  const merged = mergeEntries(found, (entry) => program.getSourceFile(`${root}/${entry.file}`)?.text ?? "");
  return { entries: merged.entries, findings: [...findings, ...merged.findings].sort((a, b) => byCodeUnits(a.file, b.file) || a.line - b.line || a.column - b.column) };
}

interface OneFile {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
  readonly names: TypeNames;
  readonly file: ts.SourceFile;
  readonly path: string;
  readonly calls: readonly CoreCall[];
}

function extractFile(one: OneFile): Extraction {
  const { file, path, calls, ts, checker } = one;
  const { text } = file;
  const { program, errors } = parseSync(file.fileName, text, { sourceType: "module" });
  // what does not parse is the compiler's to report
  if (errors.some(({ severity }) => severity === "Error")) return { entries: [], findings: [] };
  const { sites, aliases } = sitesIn(program, enumPort(ts, checker, file));
  const byStart = new Map(sites.map((site) => [`${site.start} ${site.end}`, site]));
  const findings: StateFinding[] = [];
  const entries: StateEntry[] = [];
  for (const call of calls) {
    const start = call.call.getStart(file);
    const site = byStart.get(`${start} ${call.call.getEnd()}`);
    if (site === undefined) {
      if (aliases.length === 0) findings.push(finding("VANGO_STATE_ALIASED", { file: path, text, offset: start }, "This call is not written in the usual form."));
      continue;
    }
    for (const { code, start: offset, what, fix } of site.problems) findings.push(finding(code, { file: path, text, offset }, what, fix === undefined ? {} : { fix }));
    const entry = entryOf(one, site, call);
    if (!("entry" in entry)) findings.push(entry.finding);
    else if (site.problems.length === 0) entries.push(entry.entry);
  }
  for (const { code, start: offset, what } of aliases) findings.push(finding(code, { file: path, text, offset }, what));
  return { entries, findings };
}

function entryOf({ ts, checker, names, file, path }: OneFile, site: StateSite, call: CoreCall): { readonly entry: StateEntry } | { readonly finding: StateFinding } {
  const type = valueType(checker, call);
  const at = { file: path, text: file.text, offset: site.initialAt };
  try {
    if (type === undefined) throw new TypeRefusal("VANGO_STATE_TYPE", "", "Its type is not known.");
    const named = names.of(type);
    const deprecated = isDeprecated(ts, call.call) || (named !== undefined && names.deprecated(named.symbol));
    const schema = { ...settle(new TypeReader(ts, checker, names, call.call).read(type)), ...(deprecated ? { deprecated: true as const } : {}) };
    const key = site.key ?? "";
    const id = site.schemaId ?? (named === undefined ? undefined : idOf(names, named));
    const place = placeOf(file.text, site.start);
    return {
      entry: {
        kind: site.kind, key, ...(site.scope === undefined ? {} : { scope: site.scope }),
        schema: id ?? `#${site.kind}:${key}`,
        type: schema, hash: hashOfSchema(schema), module: names.module(file.fileName),
        initial: site.initial ?? "undefined", migrates: site.migrates, aliases: [],
        file: path, ...place,
      },
    };
  } catch (error) {
    if (!(error instanceof TypeRefusal)) throw error;
    return { finding: finding(error.code, at, error.what, error.fix === undefined ? {} : { fix: error.fix }) };
  }
}

/** The id of a named type. @throws TypeRefusal */
function idOf(names: TypeNames, named: NamedType): string {
  const given = names.schemaId(named);
  if (given !== undefined && !isSchemaId(given)) throw new TypeRefusal("VANGO_STATE_TYPE", "", `Its @schemaId ${JSON.stringify(given)} is no schema id.`, "Write it as `/** @schemaId app:Type:v1 */`.");
  const made = `${named.module}#${names.text(named)}`;
  // the header of a blob has room for 255 bytes
  return given ?? (made.length <= 200 ? made : `${made.slice(0, 180)}~${hashOf(made)}`);
}

/** `@deprecated` above the declaration that holds the call. */
function isDeprecated(typescript: typeof ts, call: ts.Node): boolean {
  for (let node = call; !typescript.isSourceFile(node) && !typescript.isFunctionLike(node); node = node.parent) {
    if (typescript.isVariableDeclaration(node)) return typescript.getJSDocDeprecatedTag(node) !== undefined;
  }
  return false;
}

/** One entry a key; places of one key that disagree, and ids that name two types, are findings. */
function mergeEntries(found: readonly StateEntry[], textOf: (entry: StateEntry) => string): Extraction {
  const findings: StateFinding[] = [];
  const byKey = new Map<string, StateEntry>();
  const bySchema = new Map<string, StateEntry>();
  const offsetOf = (entry: StateEntry, text: string): number => text.split("\n").slice(0, entry.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + entry.column - 1;
  const report = (code: "VANGO_STATE_CONFLICT" | "VANGO_STATE_SCHEMA_ID", entry: StateEntry, other: StateEntry, what: string): void => {
    const text = textOf(entry);
    findings.push(finding(code, { file: entry.file, text, offset: offsetOf(entry, text) }, `${what} The other is at ${placeText(other)}.`, { related: placeText(other) }));
  };
  const sorted = [...found].sort((a, b) => byCodeUnits(a.kind, b.kind) || byCodeUnits(a.key, b.key) || byCodeUnits(a.file, b.file) || a.line - b.line || a.column - b.column);
  for (const entry of sorted) {
    const name = `${entry.kind}:${entry.key}`;
    const first = byKey.get(name);
    const difference = first === undefined ? undefined : differenceOf(first, entry);
    if (first !== undefined && difference !== undefined) {
      report("VANGO_STATE_CONFLICT", entry, first, `${JSON.stringify(entry.key)}: ${difference}.`);
      continue;
    }
    const same = bySchema.get(entry.schema);
    if (same !== undefined && same.hash !== entry.hash) {
      report("VANGO_STATE_SCHEMA_ID", entry, same, `It is ${JSON.stringify(entry.schema)}.`);
      continue;
    }
    bySchema.set(entry.schema, same ?? entry);
    byKey.set(name, first === undefined ? entry : { ...first, migrates: [...new Set([...first.migrates, ...entry.migrates])].sort() });
  }
  return { entries: [...byKey.values()], findings };
}

function differenceOf(a: StateEntry, b: StateEntry): string | undefined {
  if (a.hash !== b.hash) return "the types differ";
  if (a.schema !== b.schema) return `the schema ids differ, ${JSON.stringify(a.schema)} and ${JSON.stringify(b.schema)}`;
  if (a.initial !== b.initial) return `the initial values differ, \`${a.initial}\` and \`${b.initial}\``;
  if (a.scope !== b.scope) return `the scopes differ, ${JSON.stringify(a.scope)} and ${JSON.stringify(b.scope)}`;
  return canonical(a.migrates) === canonical(b.migrates) ? undefined : "the migrations differ: a value would be read by whichever component is first";
}
