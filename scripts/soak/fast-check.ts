// Stands in for fast-check during a soak and on the second Node: the same module, except that `assert` and `check` run
// VANGO_SOAK_FACTOR times the cases the test asks for, from VANGO_SOAK_SEED if there is one. Tests need to know nothing of it.
import * as original from "fast-check";

const factor = Number(process.env["VANGO_SOAK_FACTOR"] ?? "1");
const given = process.env["VANGO_SOAK_SEED"];
const seed = given === undefined ? {} : { seed: Number(given) };

function more<T>(parameters: original.Parameters<T> = {}): original.Parameters<T> {
  // What a test replays (a path, examples) stays as it is.
  return parameters.path === undefined ? { ...parameters, ...seed, numRuns: Math.ceil((parameters.numRuns ?? 100) * factor) } : parameters;
}

const assert: typeof original.assert = ((property: original.IAsyncProperty<unknown>, parameters?: original.Parameters<unknown>) =>
  original.assert(property, more(parameters))) as typeof original.assert;
const check: typeof original.check = ((property: original.IAsyncProperty<unknown>, parameters?: original.Parameters<unknown>) =>
  original.check(property, more(parameters))) as typeof original.check;

export * from "fast-check";
export { assert, check };
const replaced = { ...original, assert, check };
export { replaced as default };
