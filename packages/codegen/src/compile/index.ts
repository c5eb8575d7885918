// The JSX compiler's public face.
export { compile, type CompileOptions, type CompileResult } from "./compile.js";
export { CompileError, formatDiagnostic, type Diagnostic } from "./diagnostics.js";
