// Timers and subscriptions of a component. Their callbacks come from outside the loop and are brought onto it, each as a turn;
// after disposal nothing more is delivered. A GET starts none of them.
import { callUser } from "../reactive/async-work.js";
import type { SetupScope } from "./setup.js";

/** What calls back. `label` is how errors call it. */
class Source {
  stopped = false;
  stopSource: (() => void) | undefined = undefined;

  constructor(
    readonly scope: SetupScope,
    readonly kind: string,
  ) {}

  get label(): string {
    return `the callback of ${this.kind} in ${this.scope.cell.label}`;
  }

  /** Runs `fn` as a turn, unless the source was stopped meanwhile. `taken` hears that the turn has begun. */
  deliver<T>(fn: (value: T) => unknown, value: T, taken?: () => void): void {
    if (this.stopped) return;
    const { loop } = this.scope;
    loop.post(() => {
      taken?.();
      if (!this.stopped) callUser(loop, fn, value, this, "VANGO_DISPATCH");
    });
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (this.stopSource !== undefined) this.scope.loop.guardCleanup(this.stopSource);
  }
}

function owned(scope: SetupScope, kind: string, start: (source: Source) => () => void): () => void {
  const { loop } = scope;
  if (!loop.live) return () => undefined;
  const source = new Source(scope, kind);
  // Sources start after the first commit: a mount that fails starts nothing.
  loop.afterCommit(() => {
    if (!source.stopped) source.stopSource = loop.offLoop(`the source of ${kind} in ${scope.cell.label}`, () => start(source), "other");
  });
  scope.own({ dispose: () => source.stop() });
  return () => source.stop();
}

export function startTimeout(scope: SetupScope, ms: number, fn: () => void): () => void {
  const { host } = scope.loop;
  return owned(scope, "setup.timeout", (source) => {
    const timer = host.setTimer(ms, () => source.deliver(fn as () => unknown, undefined));
    return () => host.clearTimer(timer);
  });
}

/**
 * Ticks stand on a grid of `ms` from the start, so that they do not drift. While the loop is busy one tick waits at most: the
 * others are left out, as are those that a sleeping machine or a jump of the clock swallowed.
 */
export function startInterval(scope: SetupScope, ms: number, fn: () => void, immediate: boolean): () => void {
  const { host } = scope.loop;
  return owned(scope, "setup.interval", (source) => {
    let timer: unknown;
    let waits = false;
    let due = host.now();
    const tick = (): void => {
      if (waits) return;
      waits = true;
      source.deliver(fn as () => unknown, undefined, () => (waits = false));
    };
    const next = (): void => {
      const now = host.now();
      due += ms;
      if (due < now || due > now + ms) due = now + ms;
      timer = host.setTimer(due - now, () => {
        next();
        tick();
      });
    };
    if (immediate) tick();
    next();
    return () => host.clearTimer(timer);
  });
}

export function subscribeTo<T>(scope: SetupScope, source: (push: (v: T) => void) => () => void, fn: (v: T) => void): () => void {
  return owned(scope, "setup.subscribe", (at) => source((v) => at.deliver(fn, v)));
}
