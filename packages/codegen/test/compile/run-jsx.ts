// Compiles a JSX expression and evaluates it against the real view constructors.
import * as runtime from "@vango/core/compiled";
import { compile, formatDiagnostic } from "../../src/compile/index.js";

/** The value of a JSX expression in a scope. Findings are thrown. */
export function runJsx(jsx: string, scope: Readonly<Record<string, unknown>>, prelude = ""): unknown {
  const { code, diagnostics } = compile(`${prelude}const _out = (${jsx});`, "test.jsx");
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  const body = code
    .replace(/^import \{([^}]*)\} from "@vango\/core\/compiled";/, (_, names: string) => `const {${names.replaceAll(" as ", ": ")}} = _runtime;`)
    .replace(/import [^;]*;/g, "");
  const run = new Function("_runtime", ...Object.keys(scope), `${body}\nreturn _out;`) as (...args: unknown[]) => unknown;
  return run(runtime, ...Object.values(scope));
}
