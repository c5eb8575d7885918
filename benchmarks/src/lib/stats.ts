// Medians and ratios over trials. A trial pairs the candidate with the baseline that ran beside it, so that what the
// machine did to both cancels out.
import type { Ratio } from "./result.js";

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) throw new Error("quantile of nothing");
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Ratio of two lists of trials, pair by pair. */
export function ratioOf(candidate: readonly number[], baseline: readonly number[]): Ratio {
  if (candidate.length !== baseline.length || candidate.length < 3) throw new Error("a ratio needs three or more paired trials");
  const ratios = candidate.map((value, at) => value / (baseline[at] as number));
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}
