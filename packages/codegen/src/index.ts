// @vango/codegen as a library: the JSX compiler and route generation. Plugins are subpaths (`./vite`, `./esbuild`, …).

export { compile, CompileError, formatDiagnostic, type CompileOptions, type CompileResult, type Diagnostic } from "./compile/index.js";
export { checkRoutes, generateRoutes, writeRoutes, ROUTES_FILE, type GeneratedRoutes } from "./routes/generate.js";
export type { ResolvedRoute, RouteKind } from "./routes/resolve.js";
export type { ParamType, Segment } from "./routes/segment.js";
