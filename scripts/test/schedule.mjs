// Runs jobs side by side within a number of cores: a job starts when what it waits for has ended and its cores are free.
// Jobs are tried in the order given, so long ones belong first. A job with all cores runs alone.

/**
 * @typedef {object} Job
 * @property {string} name unique
 * @property {number} [cores] how many it keeps busy, 1 by default
 * @property {readonly string[]} [after] jobs that end first, well or badly
 * @property {() => Promise<void>} run never rejects for a failing test: what it finds is its own affair
 *
 * @param {readonly Job[]} jobs @param {number} cores @returns {Promise<void>}
 */
export async function schedule(jobs, cores) {
  const known = new Set(jobs.map((job) => job.name));
  if (known.size !== jobs.length) throw new Error("job names must be unique");
  for (const job of jobs)
    for (const name of job.after ?? [])
      if (!known.has(name)) throw new Error(`job ${job.name} waits for ${name}, which does not exist`);
  const waiting = [...jobs];
  /** @type {Set<string>} */
  const ended = new Set();
  let free = cores;
  let running = 0;
  await new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
    const next = () => {
      if (waiting.length === 0 && running === 0) return resolve();
      for (let i = 0; i < waiting.length;) {
        const job = /** @type {Job} */ (waiting[i]);
        const need = Math.min(job.cores ?? 1, cores);
        if (need > free || !(job.after ?? []).every((name) => ended.has(name))) { i++; continue; }
        waiting.splice(i, 1);
        free -= need;
        running++;
        job.run().then(() => { free += need; running--; ended.add(job.name); next(); }, reject);
      }
      if (running === 0 && waiting.length > 0) reject(new Error(`jobs wait for each other: ${waiting.map((j) => j.name).join(", ")}`));
    };
    next();
  });
}
