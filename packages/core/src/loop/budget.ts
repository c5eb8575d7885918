// Storm budgets: how much a session may start. Counted per loop in windows of a second, in an object that is made when something
// is first started. What is over a budget is refused and told to the host, which may end the session for it.
import { coreError } from "../errors.js";
import type { VangoError } from "../vango-error.js";
import type { Loop } from "./loop.js";

/** Limits of one session, given by the host. */
export interface LoopBudget {
  /** Effects that run again in one turn; the first run of an effect is not counted. */
  readonly effectsPerTurn: number;
  /** Loads of resources, retries included. */
  readonly resourcesPerSecond: number;
  /** Accepted runs of actions. */
  readonly actionsPerSecond: number;
  /** Starts of latest-only work. */
  readonly latestPerSecond: number;
}

export type BudgetName = keyof LoopBudget;

const WINDOW_MS = 1_000;

export class Storm {
  #since = -Infinity;
  #counts: Partial<Record<BudgetName, number>> = {};
  #errors: Partial<Record<BudgetName, VangoError>> = {};

  spend(loop: Loop, name: BudgetName, limit: number): VangoError | undefined {
    const now = loop.host.now();
    if (now - this.#since >= WINDOW_MS || now < this.#since) {
      this.#since = now;
      this.#counts = {};
      this.#errors = {};
    }
    const count = (this.#counts[name] ?? 0) + 1;
    this.#counts[name] = count;
    if (count <= limit) return undefined;
    // One error a window: a storm must not cost a stack trace for each drop.
    const known = this.#errors[name];
    const error = (this.#errors[name] ??= overBudget(name, limit));
    if (known === undefined) loop.host.onError(error, loop);
    loop.host.onBudget?.(name, loop);
    return error;
  }
}

export function overBudget(name: BudgetName, limit: number): VangoError {
  return coreError("VANGO_BUDGET_EXCEEDED", { message: `${name} is ${limit}.` });
}
