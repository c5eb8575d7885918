// How the workspace's commands speak: one line a fact, and a failure always with its fix.

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * One clear line with the fix, then the end.
 * @param {string} problem @param {string} fix @param {number} [code] @returns {never}
 */
export function stop(problem, fix, code = 1) {
  process.stderr.write(`vango: ${problem}. Fix: ${fix}\n`);
  process.exit(code);
}

/** A warning is the same line, and work goes on. @param {string} problem @param {string} fix */
export function warn(problem, fix) {
  process.stderr.write(`vango: ${problem}. ${fix}\n`);
}

/** The last lines of a text. @param {string} text @param {number} count */
export function tail(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
