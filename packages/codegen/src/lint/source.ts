// One parse of a file for all rules: rules of one file run one after the other, so the last file is kept.
import { parseSync, type Program } from "oxc-parser";

export interface Source {
  readonly text: string;
  readonly program: Program;
}

let last: { readonly file: string; readonly source: Source | undefined; readonly text: string } | undefined;

/** The parsed file; undefined when it has syntax errors, which are not a rule's to report. */
export function sourceOf(file: string, text: string): Source | undefined {
  if (last?.file === file && last.text === text) return last.source;
  const parsed = parseSync(parserName(file), text, { sourceType: "module" });
  const source = parsed.errors.some((error) => error.severity === "Error") ? undefined : { text, program: parsed.program };
  last = { file, text, source };
  return source;
}

/** An analysis that several rules share is made once a file. */
export function oncePerSource<T>(analyse: (source: Source) => T): (source: Source) => T {
  const known = new WeakMap<Source, { readonly result: T }>();
  return (source) => {
    const made = known.get(source) ?? { result: analyse(source) };
    known.set(source, made);
    return made.result;
  };
}

/** Extensions that the parser does not know are read as TypeScript with JSX, of which everything else is a part. */
function parserName(file: string): string {
  return /\.[cm]?[jt]sx?$/.test(file) ? file : `${file}.tsx`;
}
