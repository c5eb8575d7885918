// How many cases a generator's test runs: what it asks for, times the factor of a soak or of a shorter leg. fast-check is given the
// factor by scripts/soak; what a test loops over or counts itself takes it from here.
export const FACTOR = Number(process.env["VANGO_SOAK_FACTOR"] ?? 1);

export const cases = (n: number): number => Math.ceil(n * FACTOR);

/** A minimum of what must have happened in the cases: less in a shorter leg, no more in a soak, whose seeds are random. */
export const atLeast = (n: number): number => Math.ceil(n * Math.min(1, FACTOR));
