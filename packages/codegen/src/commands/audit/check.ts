// What a check of the audit is and what it says.

import type { Fetched, Target } from "./target.js";

/** `note` is said of what is allowed but worth knowing. */
export interface Verdict {
  readonly verdict: "ok" | "fail" | "note";
  readonly detail: string;
}

export interface Check {
  /** Short and stable: people grep for it. */
  readonly name: string;
  /** What an attacker would gain. */
  readonly risk: string;
  run(target: Target, page: Fetched): Promise<Verdict>;
}

export const ok = (detail: string): Verdict => ({ verdict: "ok", detail });
export const fail = (detail: string): Verdict => ({ verdict: "fail", detail });
export const note = (detail: string): Verdict => ({ verdict: "note", detail });

/** `ok` when it holds, else `fail`. */
export const must = (holds: boolean, good: string, bad: string): Verdict => (holds ? ok(good) : fail(bad));
