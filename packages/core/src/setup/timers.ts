// Timers and subscriptions of a component. Their callbacks come from outside the loop and are brought onto it, each as a turn;
// after disposal nothing more is delivered. A GET starts none of them.
import type { SetupScope } from "./setup.js";

/** A source of turns that can be stopped. */
function owned(scope: SetupScope, start: (deliver: (fn: () => void) => void) => () => void): () => void {
  const { loop } = scope;
  if (!loop.live) return () => undefined;
  let stopped = false;
  let stopSource: (() => void) | undefined;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    if (stopSource !== undefined) loop.guardCleanup(stopSource);
  };
  // Sources start after the first commit: a mount that fails starts nothing.
  loop.afterCommit(() => {
    if (stopped) return;
    stopSource = loop.offLoop("a subscription source", () =>
      start((fn) => {
        if (!stopped) loop.post(() => (stopped ? undefined : fn()));
      }),
    );
  });
  scope.own({ dispose: stop });
  return stop;
}

export function startTimeout(scope: SetupScope, ms: number, fn: () => void): () => void {
  const { host } = scope.loop;
  return owned(scope, (deliver) => {
    const timer = host.setTimer(ms, () => deliver(fn));
    return () => host.clearTimer(timer);
  });
}

export function startInterval(scope: SetupScope, ms: number, fn: () => void, immediate: boolean): () => void {
  const { host } = scope.loop;
  return owned(scope, (deliver) => {
    let timer: unknown;
    const tick = (): void => {
      timer = host.setTimer(ms, () => {
        tick();
        deliver(fn);
      });
    };
    if (immediate) deliver(fn);
    tick();
    return () => host.clearTimer(timer);
  });
}

export function subscribeTo<T>(scope: SetupScope, source: (push: (v: T) => void) => () => void, fn: (v: T) => void): () => void {
  return owned(scope, (deliver) => source((v) => deliver(() => fn(v))));
}
