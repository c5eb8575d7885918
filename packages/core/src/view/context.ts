// Typed context: a value that a component provides to everything below it.
import type { Context } from "./types.js";

export class ContextKey<T> implements Context<T> {
  readonly default: T;
  readonly name: string | undefined;

  constructor(defaultValue: T, name: string | undefined) {
    this.default = defaultValue;
    this.name = name;
  }
}

/**
 * Makes a context. `setup.provide(context, value)` gives it to the subtree, `setup.use(context)` reads the nearest value.
 *
 * @example
 * const Theme = createContext<"light" | "dark">("light", "theme");
 */
export function createContext<T>(defaultValue: T, name?: string): Context<T> {
  return new ContextKey(defaultValue, name);
}
