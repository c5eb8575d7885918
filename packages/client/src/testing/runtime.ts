// The shipped runtime as functions of a browser's globals: the bytes that pages load, so what is tested is what runs. Compiled
// once a process; one document more costs the runtime's own state and nothing else.

/** The two files that pages load. */
export interface RuntimeFiles {
  readonly entry: string;
  readonly more: string;
}

/** Starts the runtime with these globals; `load` stands for the entry's `import()`. */
export type Runtime = (globals: Readonly<Record<string, unknown>>) => void;

/** What the runtime may ask the browser for; other names are the language's own. */
const GLOBALS = [
  "globalThis", "window", "self", "document", "location", "history", "navigator", "sessionStorage", "localStorage", "WebSocket", "CustomEvent", "Event",
  "FormData", "MutationObserver", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame", "cancelAnimationFrame",
  "requestIdleCallback", "cancelIdleCallback", "addEventListener", "removeEventListener", "dispatchEvent", "scrollX", "scrollY", "scrollTo", "performance",
  "Date", "Math", "crypto", "fetch",
] as const;

type Compiled = (...globals: unknown[]) => unknown;

/** One match or an error: the files are the build's, so a form that is not known means that the build has changed. */
function once(text: string, pattern: RegExp, by: string): string {
  const found = text.match(new RegExp(pattern, "g"))?.length ?? 0;
  if (found !== 1) throw new Error(`The runtime has ${found} matches of ${pattern} where one was expected.`);
  return text.replace(pattern, by);
}

const compile = (body: string, more: readonly string[]): Compiled => new Function(...GLOBALS, ...more, body) as Compiled;

/** Compiles both files. */
export function runtimeOf({ entry, more }: RuntimeFiles): Runtime {
  const first = compile(once(entry, /\bimport\(/, "__import("), ["__import"]);
  const second = compile(once(more, /export\s*\{\s*([\w$]+) as install\s*\};?/, "return{install:$1}"), []);
  return (globals) => {
    const values = GLOBALS.map((name) => globals[name]);
    first(...values, () => new Promise((resolve) => resolve(second(...values))));
  };
}
