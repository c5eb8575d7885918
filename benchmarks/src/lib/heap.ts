// Retained heap: what stays after forced collections while `count` things are held.

/** Bytes that one of `count` things retains. `make` is also called before, so that code and caches are warm. */
export function retained(count: number, make: (at: number) => unknown): number {
  if (globalThis.gc === undefined) throw new Error("heap figures need node --expose-gc");
  hold(count, make);
  const held: unknown[] = new Array(count);
  const before = settle();
  for (let at = 0; at < count; at++) held[at] = make(at);
  const after = settle();
  // Read after the measure, so that nothing is collected early.
  if (held.length !== count) throw new Error("unreachable");
  return (after - before) / count;
}

/** The same for things that take time to make; `then` changes each of them before the measure ends, and gives what is still held of it. */
export async function retainedAsync<T>(count: number, make: () => Promise<T>, then: (made: T) => unknown = (made) => made): Promise<number> {
  if (globalThis.gc === undefined) throw new Error("heap figures need node --expose-gc");
  // Also warms code and caches up: what the engine compiles is no session's.
  for (let at = 0; at < count; at++) then(await make());
  const held: unknown[] = new Array<unknown>(count);
  const before = await settleAsync();
  for (let at = 0; at < count; at++) held[at] = await make();
  for (let at = 0; at < count; at++) held[at] = then(held[at] as T);
  const after = await settleAsync();
  if (held.length !== count) throw new Error("unreachable");
  return (after - before) / count;
}

/** What was under way (responses, timers of requests) has ended. */
async function settleAsync(): Promise<number> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => void setTimeout(resolve, 50));
  return settle();
}

function hold(count: number, make: (at: number) => unknown): void {
  const warm: unknown[] = [];
  for (let at = 0; at < count; at++) warm.push(make(at));
}

function settle(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
