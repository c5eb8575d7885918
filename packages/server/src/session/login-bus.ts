/**
 * Ends of logins between processes: who is locked out in one is so in all that hear the bus. A message that gets lost changes
 * nothing that counts: middleware and `auth.verify` decide all the same when a page comes again.
 */
import type { Bus } from "@vango/persist";

const CHANNEL = "vango:logins";

/** Who says it and who is meant; texts of apps may hold what a bus does not carry. */
const messageOf = (worker: string, principal: string): string => `${worker} ${Buffer.from(principal).toString("base64url")}`;

/** Tells the other processes. Rejects with kind `storage`, or `codec` for a principal that is too long for a message. */
export function publishEnd(bus: Bus, worker: string, principal: string): Promise<void> {
  return bus.publish(CHANNEL, messageOf(worker, principal));
}

export class LoginBus {
  #stop: Promise<() => Promise<void>> | undefined = undefined;
  #over = false;

  constructor(
    readonly bus: Bus | undefined,
    readonly worker: string,
    readonly ended: (principal: string) => void,
    readonly report: (error: unknown) => void,
  ) {}

  /** Listens, from the first page on; a bus that cannot be listened to is tried again with the next one. */
  start(): void {
    if (this.bus === undefined || this.#over) return;
    this.#stop ??= this.bus.subscribe(CHANNEL, (message) => this.#heard(message));
    void this.#stop.catch((error: unknown) => {
      if (this.#stop === undefined) return;
      this.#stop = undefined;
      this.report(error);
    });
  }

  async stop(): Promise<void> {
    this.#over = true;
    const stop = await this.#stop?.catch(() => undefined);
    await stop?.().catch((error: unknown) => void this.report(error));
  }

  #heard(message: string): void {
    const [worker = "", principal = ""] = message.split(" ");
    // What this process said itself it has done.
    if (worker !== this.worker) this.ended(Buffer.from(principal, "base64url").toString());
  }
}
