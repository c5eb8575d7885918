// What a figure reports. Ids are unique in a run; `ratio` is candidate / baseline of the same run, `value` an absolute
// size. Nothing here knows how a figure was measured.

/** One line of the report, and one object of the JSON. */
export interface Result {
  readonly id: string;
  readonly what: string;
  /** Median over the trials. */
  readonly ratio?: number;
  /** Smallest and largest trial. */
  readonly spread?: readonly [number, number];
  /** What the ratio is against. */
  readonly baseline: string;
  /** Largest ratio (or value) that meets the target; absent for figures that only inform. */
  readonly target?: number;
  readonly value?: number;
  readonly unit?: string;
  /** Medians behind the ratio, for people. */
  readonly detail?: string;
}

/** A measure that was compared with a floor: what `ratio` and `spread` are made of. */
export interface Ratio {
  readonly ratio: number;
  readonly spread: readonly [number, number];
}

/** `met`, `missed`, or `info` when there is no target. */
export function verdict(result: Result): "met" | "missed" | "info" {
  if (result.target === undefined) return "info";
  const measured = result.ratio ?? result.value;
  return measured !== undefined && measured <= result.target ? "met" : "missed";
}
