/**
 * The store as the model's processes have it: what they write takes its time and fails now and then. Invariants: a write is in the
 * store when its time has passed, and nobody hears of it sooner; what is under way when a process dies is lost, or done with
 * nobody told, as the test says.
 */
import { PersistError, type SessionStore } from "@vango/persist";
import type { VirtualClock } from "../../src/testing/virtual-clock.js";

type Write = "create" | "commit";

export class SlowStore {
  /** How long a write takes, ms. */
  delay = 0;
  /** So many of the next writes fail. */
  failures = 0;
  /** What fails is done all the same: its answer is lost. */
  failsDone = false;
  /** Of the process that lives: what each write does, by its timer. */
  readonly #underWay = new Map<unknown, () => Promise<unknown>>();

  constructor(
    readonly clock: VirtualClock,
    /** What a machine that is not here keeps. */
    readonly inner: SessionStore,
  ) {}

  /** The port that a process is given. */
  port(): SessionStore {
    const { inner } = this;
    const write = (name: Write) => (...args: unknown[]) => this.#write(() => (inner[name] as (...args: unknown[]) => Promise<unknown>).apply(inner, args));
    const slow: Partial<Record<string | symbol, unknown>> = { create: write("create"), commit: write("commit") };
    return new Proxy(inner, {
      get(target, name) {
        const value: unknown = slow[name] ?? Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** The process has died. `done`: what was under way arrives. */
  async died(done: boolean): Promise<void> {
    const writes = [...this.#underWay];
    this.#underWay.clear();
    for (const [timer, run] of writes) {
      this.clock.clearTimer(timer);
      if (done) await run();
    }
  }

  #write(run: () => Promise<unknown>): Promise<unknown> {
    if (this.delay === 0 && this.failures === 0) return run();
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimer(this.delay, () => {
        this.#underWay.delete(timer);
        if (this.failures === 0) return resolve(run());
        this.failures--;
        const fail = (): void => reject(new PersistError("storage", {}));
        if (this.failsDone) void run().then(fail, fail);
        else fail();
      });
      this.#underWay.set(timer, run);
    });
  }
}
