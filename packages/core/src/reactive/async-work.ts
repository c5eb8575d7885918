// Work that outlives the call it began in: loaders, action work, and handlers, callbacks and effects that are async. Owns how such
// work is named, so that a write after its `await` can say where it happened. Synchronous code pays nothing: an async function is
// run under its name, and a promise from any other function is remembered until it settles.

/** The platform's async context, filled by the server: which named work is running, and how to leave it. */
export const asyncPlace: { get: () => string | undefined; leave: () => void } = { get: () => undefined, leave: () => undefined };

/** Who runs async code of an application under a name: a loop. */
export interface NamesWork {
  /** Runs `fn` so that `asyncPlace` knows `place`, also past its awaits. */
  named<R>(place: string, fn: () => R): R;
  /** Remembers a promise until it settles and reports its rejection. */
  follow(work: Promise<unknown>, place: string, code: "VANGO_HANDLER" | "VANGO_DISPATCH" | "VANGO_EFFECT"): void;
}

interface Pending {
  readonly owner: object;
  readonly place: string;
}

/** Work of handlers that is under way, oldest first. Bounded: a promise that never settles must not hold its session. */
const pending: Pending[] = [];
const MOST_PENDING = 64;

export function rememberWork(owner: object, place: string, work: Promise<unknown>): void {
  const entry = { owner, place };
  if (pending.length === MOST_PENDING) pending.shift();
  pending.push(entry);
  const forget = (): void => {
    const at = pending.indexOf(entry);
    if (at >= 0) pending.splice(at, 1);
  };
  work.then(forget, forget);
}

/** A session ended. */
export function forgetWork(owner: object): void {
  for (let i = pending.length - 1; i >= 0; i--) if (pending[i]?.owner === owner) pending.splice(i, 1);
}

/** The work that runs now: known by the async context, else what is pending of this owner; several are all named. */
export function placeOfWork(owner: object): string | undefined {
  const known = asyncPlace.get();
  if (known !== undefined) return known;
  const places = new Set(pending.filter((p) => p.owner === owner).map((p) => p.place));
  if (places.size === 0) return undefined;
  return places.size === 1 ? [...places][0] : `one of: ${[...places].join("; ")}`;
}

const AsyncFunction = (async () => undefined).constructor as new () => object;

/** Declared with `async`, as far as the language tells: what a compiler turned into generators is not. */
export function isAsync(fn: unknown): boolean {
  return fn instanceof AsyncFunction;
}

/** Calls a function of the application inside a turn. */
export function callUser<A>(host: NamesWork, fn: (arg: A) => unknown, arg: A, who: { readonly label: string }, code: "VANGO_DISPATCH" | "VANGO_EFFECT"): unknown {
  const result = isAsync(fn) ? host.named(who.label, () => fn(arg)) : fn(arg);
  if (result instanceof Promise) host.follow(result, who.label, code);
  return result;
}
