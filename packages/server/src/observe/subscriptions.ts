/**
 * Several listeners that end together: what an adapter of the diagnostics channels holds.
 */
import type { Diagnostic } from "../diagnostics.js";

export class Subscriptions {
  readonly #stops: (() => void)[] = [];

  on<T>(diagnostic: Diagnostic<T>, listener: (message: T) => void): this {
    this.#stops.push(diagnostic.subscribe(listener));
    return this;
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }
}
