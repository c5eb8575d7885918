// The compiler's entry: one source file in, JavaScript or TypeScript without JSX out, with a source map and findings.
// Invariant: types and everything besides JSX are left as they are; the next tool strips types.
import { parseSync } from "oxc-parser";
import type { SourceMap } from "magic-string";
import { checkAllocation } from "./checks/allocation.js";
import { checkMapKeys } from "./checks/map-keys.js";
import { checkOnPlace } from "./checks/on-place.js";
import { Diagnostics, type Diagnostic } from "./diagnostics.js";
import { Emitter } from "./emit.js";
import { coreImports } from "./imports.js";
import { Rope } from "./rope.js";

/** How a file is compiled. */
export interface CompileOptions {
  /** Name of the file in findings and source maps; default the id without its query. */
  readonly displayName?: string;
}

/** What compiling gives. With errors among the findings, `code` is not fit to run. */
export interface CompileResult {
  readonly code: string;
  readonly map: SourceMap;
  /** False when the file has neither JSX nor a component without a name: `code` is the source. */
  readonly changed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the JSX of one file to templates and slots.
 *
 * @param id file path; its extension says how to parse (`.tsx`, `.jsx`, `.ts`, `.js`).
 * @example
 * const { code, map, diagnostics } = compile("export const a = <p>{name}</p>", "a.tsx");
 */
export function compile(source: string, id: string, options: CompileOptions = {}): CompileResult {
  const path = id.replace(/[?#].*$/, "");
  const file = options.displayName ?? path;
  const diagnostics = new Diagnostics(source, file);
  const parsed = parseSync(path, source, { sourceType: "module" });
  for (const error of parsed.errors) {
    if (error.severity === "Error") diagnostics.error("VANGO_JSX_SYNTAX", error.labels[0]?.start ?? 0, `${error.message.replace(/\.$/, "")}.`);
  }
  const whole = (): Rope => new Rope().slice(0, source.length);
  if (diagnostics.list.length > 0) return { ...whole().render(source, file), changed: false, diagnostics: diagnostics.list };
  const { program } = parsed;
  const names = coreImports(program);
  const emitter = new Emitter({ source, path: path.replaceAll("\\", "/"), names, diagnostics });
  checkOnPlace(program, names, diagnostics);
  checkMapKeys(program, diagnostics);
  checkAllocation(program, names, diagnostics);
  const body = emitter.code({ ...program, start: 0, end: source.length });
  const out = emitter.used ? prefixed(source, program.hashbang?.end ?? 0, emitter.header(), body) : body;
  const sorted = [...diagnostics.list].sort((a, b) => a.offset - b.offset);
  return { ...out.render(source, file), changed: emitter.changed, diagnostics: sorted };
}

/** A hashbang must stay the first line; a directive may follow imports in a module, which are strict anyway. */
function prefixed(source: string, hashbangEnd: number, header: string, body: Rope): Rope {
  if (hashbangEnd === 0) return new Rope().text(header).append(body);
  return new Rope().slice(0, hashbangEnd).text(`\n${header}//`).append(body);
}
