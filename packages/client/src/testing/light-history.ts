// The session history of one tab: its entries and where in them it stands. Entries of this document only: going back into
// another document is a load, which a test does with `goto`.
export interface HistoryEntry {
  readonly href: string;
  readonly state: unknown;
}

export class LightHistory {
  scrollRestoration = "auto";
  readonly #entries: HistoryEntry[];
  #at = 0;

  constructor(
    first: HistoryEntry,
    /** Told after a traversal within the document. */
    readonly popped: (entry: HistoryEntry) => void,
  ) {
    this.#entries = [first];
  }

  get #entry(): HistoryEntry {
    return this.#entries[this.#at] as HistoryEntry;
  }

  get href(): string {
    return this.#entry.href;
  }

  get state(): unknown {
    return this.#entry.state;
  }

  get length(): number {
    return this.#entries.length;
  }

  readonly #resolve = (url: string | undefined): string => new URL(url ?? this.href, this.href).href;

  pushState(state: unknown, _title: string, url?: string): void {
    this.#entries.length = this.#at + 1;
    this.#entries.push({ href: this.#resolve(url), state: structuredClone(state) });
    this.#at++;
  }

  replaceState(state: unknown, _title: string, url?: string): void {
    this.#entries[this.#at] = { href: this.#resolve(url), state: structuredClone(state) };
  }

  go(by: number): void {
    const to = this.#at + by;
    if (by === 0 || to < 0 || to >= this.#entries.length) return;
    this.#at = to;
    this.popped(this.#entry);
  }

  back(): void {
    this.go(-1);
  }

  forward(): void {
    this.go(1);
  }
}
