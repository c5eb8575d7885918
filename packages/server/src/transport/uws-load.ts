/**
 * Loads uWebSockets.js if this machine has a binary for it. Never bundled: a bundler turns the addon into a path
 * string, which is why the type of `App` is checked and not its truth.
 */
export type Uws = typeof import("uWebSockets.js");

/** The module, or undefined where no binary loads (other libc, other Node ABI, not installed). */
export async function loadUws(): Promise<Uws | undefined> {
  try {
    // Upstream has an ESM wrapper (named exports); the registry's republish is plain CJS (default export only).
    const m = (await import("uWebSockets.js")) as Uws & { default?: Uws };
    const uws = typeof m.App === "function" ? m : m.default;
    return typeof uws?.App === "function" ? uws : undefined;
  } catch {
    return undefined;
  }
}
