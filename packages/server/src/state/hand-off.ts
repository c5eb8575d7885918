/**
 * How a process asks another for a record over the bus: "let go of it", and "it is let go". Without an answer in time the
 * record is taken anyway; the store's epoch keeps its former owner from writing.
 */
import type { Bus } from "@vango/persist";
import type { Clock } from "../session-port.js";

/** Longest wait for an owner, ms. */
export const HAND_OFF_MS = 1000;

export class HandOff {
  readonly #waiting = new Map<string, () => void>();
  #stop: Promise<() => Promise<void>> | undefined = undefined;

  /** `letGo`: writes a record of this process and lets it go. */
  constructor(
    readonly bus: Bus,
    readonly worker: string,
    readonly clock: Clock,
    readonly letGo: (id: string) => Promise<void>,
    readonly report: (error: unknown) => void,
  ) {}

  /** Listens; call it when this process holds its first record, or asks for one. */
  start(): Promise<unknown> {
    return (this.#stop ??= this.bus.subscribe(channelOf(this.worker), (message) => this.#heard(message))).catch((error: unknown) => {
      this.#stop = undefined;
      this.report(error);
    });
  }

  async stop(): Promise<void> {
    const stop = await this.#stop?.catch(() => undefined);
    await stop?.().catch((error: unknown) => void this.report(error));
  }

  /** Resolves when the owner has let go, or when waiting for it is over. */
  async ask(owner: string, id: string): Promise<void> {
    await this.start();
    let timer: unknown;
    const answer = new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
      timer = this.clock.setTimer(HAND_OFF_MS, resolve);
    });
    try {
      await this.bus.publish(channelOf(owner), `release ${id} ${this.worker}`);
      await answer;
    } catch (error) {
      this.report(error);
    } finally {
      this.clock.clearTimer(timer);
      this.#waiting.delete(id);
    }
  }

  #heard(message: string): void {
    const [what, id = "", asker = ""] = message.split(" ");
    if (what === "released") this.#waiting.get(id)?.();
    else if (what === "release") void this.#release(id, asker);
  }

  async #release(id: string, asker: string): Promise<void> {
    try {
      await this.letGo(id);
      await this.bus.publish(channelOf(asker), `released ${id}`);
    } catch (error) {
      // The asker waits its time and takes the record.
      this.report(error);
    }
  }
}

const channelOf = (worker: string): string => `vango:owner:${worker}`;
