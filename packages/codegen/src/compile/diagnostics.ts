// What the compiler has to say about a file: coded, with a place and the lines around it.
import { codeFrame, placeOf, type TemplateErrorCode } from "@vango/core/internal";
import { entryOf, type CodegenErrorCode } from "../errors.js";

/** One finding. Offsets count UTF-16 units, line and column start at 1. */
export interface Diagnostic {
  readonly code: CodegenErrorCode | TemplateErrorCode;
  readonly severity: "error" | "warning";
  /** What is wrong here, in one or two sentences. */
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly frame: string;
}

/** Where a check puts what it finds: the compiler's diagnostics, or a lint rule's. */
export interface Sink {
  error(code: Diagnostic["code"], offset: number, detail?: string): void;
}

/** Collects the findings of one file, one of a kind per place. */
export class Diagnostics implements Sink {
  readonly list: Diagnostic[] = [];

  constructor(
    private readonly source: string,
    private readonly file: string,
  ) {}

  error(code: Diagnostic["code"], offset: number, detail = ""): void {
    if (this.list.some((d) => d.code === code && d.offset === offset)) return;
    const entry = entryOf(code);
    const { line, column } = placeOf(this.source, offset);
    this.list.push({
      code,
      severity: "error",
      message: detail === "" ? entry.message : `${entry.message} ${detail}`,
      why: entry.why,
      fix: entry.fix,
      file: this.file,
      line,
      column,
      offset,
      frame: codeFrame(this.source, offset),
    });
  }
}

/**
 * A finding as text for a terminal.
 *
 * @example
 * // app/routes/index.tsx:4:9 VANGO_TPL_NESTING: This element cannot stand here. <div> cannot stand in <p> …
 */
export function formatDiagnostic(d: Diagnostic): string {
  return `${d.file}:${d.line}:${d.column} ${d.code}: ${d.message}\n${d.frame}\n  Why: ${d.why}\n  Fix: ${d.fix}`;
}

/** Thrown by the plugins when a file has errors. */
export class CompileError extends Error {
  readonly code: Diagnostic["code"];
  /** Place of the first error, as Vite's and esbuild's overlays read it. */
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };
  readonly frame: string;
  readonly id: string;

  constructor(readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    super(diagnostics.map(formatDiagnostic).join("\n\n"));
    this.name = "VangoCompileError";
    const first = diagnostics[0];
    this.code = first.code;
    this.loc = { file: first.file, line: first.line, column: first.column - 1 };
    this.frame = first.frame;
    this.id = first.file;
  }
}
