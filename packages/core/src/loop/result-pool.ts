// Results of resources, carried from pass to pass of one page and from its GET to its join, so that a loader runs once. A
// result is found by the resource's place (component and number) and key: a loader is a function of its key.

export class ResultPool {
  readonly #results: Map<string, { readonly value: unknown }>;
  readonly #started = new Map<string, Promise<void>>();
  /** Made for the first load: most pages that are joined load nothing. */
  #abort: AbortController | undefined = undefined;

  constructor(results?: ReadonlyMap<string, { readonly value: unknown }>) {
    this.#results = new Map(results ?? []);
  }

  take(place: string, key: unknown): { readonly value: unknown } | undefined {
    return this.#results.get(nameOf(place, key));
  }

  /** Starts a load once per place and key; a failed one leaves no result, so its page shows what it shows while pending. */
  await(place: string, key: unknown, load: (signal: AbortSignal) => unknown): void {
    const name = nameOf(place, key);
    if (this.#started.has(name)) return;
    const { signal } = (this.#abort ??= new AbortController());
    const work = (async () => {
      this.#results.set(name, { value: await load(signal) });
    })().catch(() => undefined);
    this.#started.set(name, work.then(() => void this.#started.set(name, DONE)));
  }

  /** Loads that are under way. */
  get pending(): readonly Promise<void>[] {
    return [...this.#started.values()].filter((p) => p !== DONE);
  }

  /** Aborts what still loads. */
  stop(): void {
    if (this.pending.length > 0) this.#abort?.abort();
  }

  get results(): ReadonlyMap<string, { readonly value: unknown }> {
    return this.#results;
  }
}

const DONE = Promise.resolve();

function nameOf(place: string, key: unknown): string {
  return `${place}:${key === undefined ? "" : typeof key === "string" ? `"${key}` : JSON.stringify(key)}`;
}

/** The plain values among props, one level into records: they tell instances of one component apart. */
export function plainProps(props: Readonly<Record<string, unknown>>): string {
  const plain = (v: unknown, inner: boolean): unknown => {
    if (v === null || typeof v === "string" || typeof v === "number" || typeof v === "boolean") return v;
    if (typeof v === "bigint") return String(v);
    if (inner || typeof v !== "object" || Object.getPrototypeOf(v) !== Object.prototype) return undefined;
    return Object.entries(v).map(([name, value]) => [name, plain(value, true)]);
  };
  return JSON.stringify(Object.entries(props).map(([name, value]) => [name, plain(value, false)]));
}

const typeNumbers = new WeakMap<object, number>();
let types = 0;

/** Place of a component's resource. Its number tells components apart that have one name, or none. */
export function placeOf(type: { readonly label: string }, resource: number): string {
  let n = typeNumbers.get(type);
  if (n === undefined) typeNumbers.set(type, (n = ++types));
  return `<${type.label}>#${resource}.${n}`;
}
