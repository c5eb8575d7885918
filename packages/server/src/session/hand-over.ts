/**
 * What resources gave to a GET, kept a moment for the join of the same document, so that loaders do not run twice.
 * Invariants: an entry is taken once; entries are the first thing to go: by age, by size, by their number.
 */

export type Results = ReadonlyMap<string, { readonly value: unknown }>;

/** Age at which an entry is worth nothing any more, ms. */
export const HAND_OVER_MS = 10_000;
/** Size of one page's results as JSON, characters; larger ones are loaded again by the join. */
export const HAND_OVER_CHARS = 64 * 1024;
/** All entries together, characters. */
export const HAND_OVER_TOTAL = 16 * 1024 * 1024;

interface Entry {
  readonly results: Results;
  readonly size: number;
  readonly at: number;
}

export class HandOver {
  readonly #entries = new Map<string, Entry>();
  #total = 0;

  constructor(readonly now: () => number) {}

  put(nonce: string, results: Results): void {
    const size = sizeOf(results);
    if (size > HAND_OVER_CHARS) return;
    this.#expire();
    this.#drop(nonce);
    this.#entries.set(nonce, { results, size, at: this.now() });
    this.#total += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#total <= HAND_OVER_TOTAL) break;
      this.#drop(oldest);
    }
  }

  take(nonce: string): Results | undefined {
    this.#expire();
    const entry = this.#entries.get(nonce);
    this.#drop(nonce);
    return entry?.results;
  }

  #expire(): void {
    const limit = this.now() - HAND_OVER_MS;
    for (const [nonce, entry] of this.#entries) {
      if (entry.at > limit) break;
      this.#drop(nonce);
    }
  }

  #drop(nonce: string): void {
    const entry = this.#entries.get(nonce);
    if (entry === undefined) return;
    this.#entries.delete(nonce);
    this.#total -= entry.size;
  }
}

/** Values that JSON cannot measure are not handed over. */
function sizeOf(results: Results): number {
  try {
    let size = 0;
    for (const [name, { value }] of results) size += name.length + (JSON.stringify(value) ?? "").length;
    return size;
  } catch {
    return Infinity;
  }
}
