/**
 * One process of an app as its supervisor sees it: from the start to its end, which is reported once with its cause.
 */
import cluster, { type Worker } from "node:cluster";
import { rmSync } from "node:fs";
import { followHandOver } from "./handed-over.js";
import { ASK_MS, Pulse, STUCK_SECONDS } from "./pulse.js";
import type { PeersOfApp } from "./relaying-sessions.js";
import { socketPath } from "./socket-folder.js";
import { isMessage, WORKER_VARIABLES, type FromWorker, type ToWorker } from "./worker-messages.js";

/** How a worker ended. */
export interface WorkerEnd {
  /** `exited with code 1`, `was killed by SIGKILL`. */
  readonly how: string;
  /** Milliseconds it was ready; 0 if it never was. */
  readonly readyMs: number;
  /** It could not start and has said why. */
  readonly explained: boolean;
  readonly clean: boolean;
}

export interface WorkerEvents {
  ready(worker: WorkerProcess): void;
  asked(worker: WorkerProcess, signal: string): void;
  ended(worker: WorkerProcess, end: WorkerEnd): void;
  /** Does a worker besides this one take connections? */
  others(worker: WorkerProcess): boolean;
}

export class WorkerProcess {
  readonly pid: number;
  /** Asked to drain, or killed by us: its end is no accident. */
  leaving = false;
  url = "";
  transport = "";
  readonly settled: Promise<"ready" | "ended">;
  readonly end: Promise<WorkerEnd>;
  readonly #worker: Worker;
  #readyAt = 0;
  #name = "";
  #explained = false;
  #stuck = false;
  readonly #pulse = new Pulse();
  #asking: NodeJS.Timeout | undefined = undefined;

  constructor(
    readonly slot: number,
    private readonly meet: PeersOfApp,
    { count, first }: { readonly count: number; readonly first: boolean },
    private readonly events: WorkerEvents,
  ) {
    const { place, folder, token } = WORKER_VARIABLES;
    const worker = cluster.fork({ [place]: `${slot} ${count} ${first ? 1 : 0}`, [folder]: meet.folder, [token]: meet.token });
    this.#worker = worker;
    this.pid = worker.process.pid ?? 0;
    followHandOver(worker.process, () => events.others(this));
    let settle: (how: "ready" | "ended") => void = () => undefined;
    this.settled = new Promise((resolve) => (settle = resolve));
    worker.on("error", () => undefined); // the channel broke: the end follows
    worker.on("message", (message: unknown) => {
      this.#pulse.heard();
      if (!isMessage<FromWorker>(message)) return;
      if (message.vango === "ready") {
        this.#readyAt = performance.now();
        this.url = message.url;
        this.transport = message.transport;
        this.#name = message.name;
        this.#watch();
        settle("ready");
        events.ready(this);
      } else if (message.vango === "failed") this.#explained = true;
      else if (message.vango === "asked") events.asked(this, message.signal);
      else if (message.vango === "last?") this.#say({ vango: "last" });
    });
    this.end = new Promise((resolve) => {
      worker.process.once("exit", (code, signal) => {
        clearInterval(this.#asking);
        this.#forget();
        const end = this.#endOf(code, signal);
        settle("ended");
        resolve(end);
        events.ended(this, end);
      });
    });
  }

  get ready(): boolean {
    return this.#readyAt > 0;
  }

  /** It takes connections, as far as is known. */
  get serves(): boolean {
    return this.ready && !this.leaving && this.#worker.isConnected();
  }

  /** Asks it to save, send its clients away and end; kills it after `ms`, and at once if it is not ready. */
  async drain(ms: number): Promise<WorkerEnd> {
    this.leaving = true;
    if (!this.ready || !this.#worker.isConnected()) this.kill();
    else this.#say({ vango: "drain" });
    const timer = setTimeout(() => this.kill(), ms);
    try {
      return await this.end;
    } finally {
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.leaving = true;
    this.#worker.process.kill("SIGKILL");
  }

  /** A worker that answers no question any more would keep its share of the connections waiting. */
  #watch(): void {
    this.#asking = setInterval(() => {
      if (this.#pulse.ask()) return this.#say({ vango: "alive?" });
      this.#stuck = true;
      this.#worker.process.kill("SIGKILL");
    }, ASK_MS);
    this.#asking.unref();
  }

  #say(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined);
  }

  /** A killed process leaves its socket behind. */
  #forget(): void {
    if (this.#name !== "" && process.platform !== "win32") rmSync(socketPath(this.meet.folder, this.#name), { force: true });
  }

  #endOf(code: number | null, signal: string | null): WorkerEnd {
    const how = this.#stuck ? `did not answer for ${STUCK_SECONDS} s and was killed` : signal === null ? `exited with code ${code ?? 0}` : `was killed by ${signal}`;
    return { how, readyMs: this.ready ? performance.now() - this.#readyAt : 0, explained: this.#explained, clean: code === 0 };
  }
}
