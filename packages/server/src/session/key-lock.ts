/**
 * One at a time for each key: what concerns one session (its join, its resume, its parking) never interleaves.
 */
export class KeyLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  held(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Runs `work` when everything that was asked for this key before has ended. */
  run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return result;
  }
}
