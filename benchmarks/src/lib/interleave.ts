// Times functions of one process against each other: short slices in turn, many times, so that a busy machine slows all of
// them alike. Time is CPU time of the process, its collector's threads included, so waiting for a core does not count. A
// trial's figure is the 20th percentile of its slices.
import { quantile } from "./stats.js";

/** A function under measure: does the work `times` times. If part of it must not count, it gives its own milliseconds. */
export interface Contender {
  readonly name: string;
  run(times: number): number | void;
}

export interface InterleaveOptions {
  /** Default 5. */
  readonly trials?: number;
  /** Slices of each contender in a trial. Default 20. */
  readonly slices?: number;
  /** Aimed length of a slice in milliseconds. Default 4. */
  readonly sliceMs?: number;
  /** Warm-up of each contender in milliseconds. Default 300. */
  readonly warmMs?: number;
}

/** Microseconds per operation: one figure for each trial, by contender. */
export function interleave<N extends string>(contenders: readonly (Contender & { readonly name: N })[], options: InterleaveOptions = {}): Record<N, number[]> {
  const { trials = 5, slices = 20, sliceMs = 4, warmMs = 300 } = options;
  const times = contenders.map((contender) => calibrate(contender, sliceMs, warmMs));
  const figures = Object.fromEntries(contenders.map(({ name }) => [name, [] as number[]])) as unknown as Record<N, number[]>;
  for (let trial = 0; trial < trials; trial++) {
    globalThis.gc?.();
    const samples = contenders.map(() => [] as number[]);
    for (let slice = 0; slice < slices; slice++) {
      for (let step = 0; step < contenders.length; step++) {
        const at = (step + slice) % contenders.length;
        const contender = contenders[at] as Contender;
        const count = times[at] as number;
        (samples[at] as number[]).push((timed(contender, count) * 1000) / count);
      }
    }
    for (const [at, { name }] of contenders.entries()) figures[name].push(quantile(samples[at] as number[], 0.2));
  }
  return figures;
}

function calibrate(contender: Contender, sliceMs: number, warmMs: number): number {
  let times = 1;
  const began = performance.now();
  let perRun = Infinity;
  while (performance.now() - began < warmMs) {
    const took = timed(contender, times);
    perRun = took / times;
    if (took < sliceMs / 2) times *= 2;
  }
  return Math.max(1, Math.round(sliceMs / Math.max(perRun, 1e-7)));
}

/** Milliseconds of `times` runs. */
function timed(contender: Contender, times: number): number {
  const began = cpuMs();
  const own = contender.run(times);
  return typeof own === "number" ? own : cpuMs() - began;
}

/** CPU time of this process in milliseconds: for contenders that time a part of their work themselves. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
