/**
 * Loads route modules: each once, a failure is tried again. Invariant: `loaded` answers at once for what was loaded
 * before, so that a hot page resolves without a promise.
 */
import { asVangoError, serverError } from "../errors.js";
import type { LoadModule } from "./route-table.js";

export class Modules {
  readonly #done = new Map<LoadModule, object>();
  readonly #pending = new Map<LoadModule, Promise<object>>();

  /** The module, or undefined when it has not been loaded yet. */
  loaded(load: LoadModule): object | undefined {
    return this.#done.get(load);
  }

  load(load: LoadModule, at: string): Promise<object> {
    const done = this.#done.get(load);
    if (done !== undefined) return Promise.resolve(done);
    let pending = this.#pending.get(load);
    if (pending === undefined) {
      pending = this.#start(load, at);
      this.#pending.set(load, pending);
    }
    return pending;
  }

  async #start(load: LoadModule, at: string): Promise<object> {
    try {
      const module: unknown = await load();
      if (typeof module !== "object" || module === null) throw serverError("VANGO_ROUTE_MODULE", { message: `${at}: load() gave no module.` });
      this.#done.set(load, module);
      return module;
    } catch (error) {
      throw asVangoError(error, "VANGO_ROUTE_LOAD");
    } finally {
      this.#pending.delete(load);
    }
  }
}

/** A named export that must be a function. */
export function functionExport<T>(module: object, name: string, at: string): T {
  const value: unknown = (module as Record<string, unknown>)[name];
  if (typeof value !== "function") throw serverError("VANGO_ROUTE_MODULE", { message: `${at} needs \`export const ${name}\`.` });
  return value as T;
}
