// As interleave.ts, for work that awaits: contenders in turn, one slice each, CPU time of the whole process.
import { cpuMs } from "./interleave.js";
import { quantile } from "./stats.js";

/** Does the work `times` times. If part of it must not count, it gives its own milliseconds. */
export interface AsyncContender<N extends string> {
  readonly name: N;
  run(times: number): Promise<number | void>;
}

export interface AsyncOptions {
  readonly trials: number;
  readonly slices: number;
  /** Runs in a slice. */
  readonly times: number;
}

/** Microseconds per run: one figure for each trial, by contender. */
export async function interleaveAsync<N extends string>(contenders: readonly AsyncContender<N>[], { trials, slices, times }: AsyncOptions): Promise<Record<N, number[]>> {
  const figures = Object.fromEntries(contenders.map(({ name }) => [name, [] as number[]])) as Record<N, number[]>;
  // The first trial warms up.
  for (let trial = -1; trial < trials; trial++) {
    globalThis.gc?.();
    const samples = contenders.map(() => [] as number[]);
    for (let slice = 0; slice < slices; slice++) {
      for (let step = 0; step < contenders.length; step++) {
        const at = (step + slice) % contenders.length;
        const began = cpuMs();
        const own = await contenders[at]?.run(times);
        samples[at]?.push(((typeof own === "number" ? own : cpuMs() - began) * 1000) / times);
      }
    }
    if (trial >= 0) for (const [at, { name }] of contenders.entries()) figures[name].push(quantile(samples[at] ?? [], 0.2));
  }
  return figures;
}
