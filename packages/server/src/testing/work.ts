/**
 * What is under way off the loop: loaders, actions, navigations. A test waits for it without knowing it.
 */
import { serverError } from "../errors.js";

/** How long blocked work is waited for after an action of the test, real ms: what waits for the test itself must not hang it. */
const GRACE_MS = 50;
/** How long settled() waits without any progress before it says that something hangs, real ms. */
const PATIENCE_MS = 2000;
/** Turns of the event loop that are waited for without letting time pass. */
const SPINS = 20;
/** Turns of the event loop that may pass at one moment of the test's time before something is known to be stuck. */
const MAX_TURNS = 10_000;
/** Idle turns of the event loop after which nothing is coming any more. */
const IDLE_TURNS = 3;

// Taken now: a test that fakes timers must not stop them for us.
const { setImmediate: soon, setTimeout: later, clearTimeout: forget } = globalThis;

export class Work {
  readonly #running = new Map<Promise<unknown>, string>();

  readonly add = (place: string, work: Promise<unknown>): void => {
    const end = (): void => void this.#running.delete(work);
    this.#running.set(work, place);
    work.then(end, end);
  };

  /** Resolves when `idle` holds for some turns of the event loop and nothing runs, or what runs makes no progress. */
  async settled(idle: () => boolean, patient: boolean): Promise<void> {
    for (let quiet = 0; quiet < IDLE_TURNS; ) {
      await new Promise<void>((resolve) => void soon(resolve));
      if (!idle()) quiet = 0;
      else if (this.#running.size === 0) quiet++;
      else {
        quiet = 0;
        if (!(await this.#progress(patient ? PATIENCE_MS : GRACE_MS))) {
          if (!patient) return;
          throw serverError("VANGO_TEST_UNSETTLED", { message: `Under way: ${[...this.#running.values()].join("; ")}.` });
        }
      }
    }
  }

  /** One turn of the event loop and whatever is due in it. */
  async turn(idle: () => boolean): Promise<void> {
    for (let turns = 0; turns === 0 || !idle(); turns++) {
      if (turns === MAX_TURNS) throw serverError("VANGO_TEST_UNSETTLED", { message: `Turns or messages wait, and nothing moves. ${[...this.#running.values()].join("; ")}` });
      await new Promise<void>((resolve) => void soon(resolve));
    }
  }

  /** Resolves when `done` holds, or when nothing has made it hold for long. */
  async until(done: () => boolean): Promise<void> {
    for (let turns = 0, since = performance.now(); !done() && performance.now() - since < PATIENCE_MS; turns++) {
      if (turns < SPINS) await new Promise<void>((resolve) => void soon(resolve));
      else if (await this.#pause()) since = performance.now();
    }
  }

  /** A moment of real time; true when work has ended in it. */
  async #pause(): Promise<boolean> {
    const before = this.#running.size;
    await new Promise<void>((resolve) => void later(resolve, 1));
    return this.#running.size < before;
  }

  async #progress(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const gone = new Promise<boolean>((resolve) => {
      timer = later(() => resolve(false), ms);
    });
    const done = Promise.race([...this.#running.keys()]).then(
      () => true,
      () => true,
    );
    const progressed = await Promise.race([done, gone]);
    forget(timer);
    return progressed;
  }
}
