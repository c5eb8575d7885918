/**
 * Keeps a number of processes of one app alive. Invariants: a worker that ends unasked is started again, later each time if
 * it ends soon; on the way to another build, and at the end, one worker drains at a time, so that the others serve; nothing
 * outlives the supervisor. Speaks in whole lines, each naming its worker.
 */
import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import type { VangoError } from "@vango/core";
import { serverError } from "../errors.js";
import { handsOver } from "../transport/shared-port.js";
import { BackOff } from "./back-off.js";
import { CommonHost } from "./common-host.js";
import type { PeersOfApp } from "./relaying-sessions.js";
import { makeSocketFolder, removeSocketFolder } from "./socket-folder.js";
import { WorkerProcess, type WorkerEnd, type WorkerEvents } from "./worker-process.js";

export interface SupervisorOptions {
  readonly count: number;
  /** The script that every worker runs, and its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** How it all ended: an exit code and, when the supervisor gave up, why. */
export interface Finished {
  readonly code: number;
  readonly error?: VangoError;
}

interface Slot {
  readonly number: number;
  readonly backOff: BackOff;
  /** The newest process of the slot: only its end starts another. */
  current: WorkerProcess | undefined;
  /** It is ready or has ended for the first time. */
  tried: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Workers in a row that end before they are ready, while none serves, until the supervisor gives up. */
const GIVE_UP = 5;
/** A worker that has not drained in this time is killed. */
const DRAIN_MS = 60_000;

/** The kernel balances the connections (see shared-port.ts), and one of its settings is not as a restart would have it. */
const RESETS = "a worker that stops may reset a connection which is just being opened; the kernel gives it to another worker after: sysctl -w net.ipv4.tcp_migrate_req=1";

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
const named = (worker: WorkerProcess): string => `worker ${worker.slot} (pid ${worker.pid})`;

export class Supervisor implements WorkerEvents {
  readonly #slots: readonly Slot[];
  readonly #alive = new Set<WorkerProcess>();
  readonly #meet: PeersOfApp = { folder: makeSocketFolder(), token: randomBytes(32).toString("base64url") };
  readonly #common = new CommonHost(this.#meet);
  /** Restarts asked for, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #stopping = false;
  #served = false;
  #announced = false;
  #failures = 0;
  #finish: (how: Finished) => void = () => undefined;
  readonly finished = new Promise<Finished>((resolve) => (this.#finish = resolve));

  /** @throws VangoError `VANGO_WORKERS_FOLDER` */
  constructor(private readonly options: SupervisorOptions) {
    this.#slots = Array.from({ length: options.count }, (_, i) => ({ number: i + 1, backOff: new BackOff(), current: undefined, tried: false, timer: undefined }));
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({ exec: options.file, args: [...options.args] });
    process.once("exit", () => removeSocketFolder(this.#meet.folder));
  }

  /** Starts one worker; when it serves, the others: what keeps the app from starting is then said once. */
  async start(): Promise<void> {
    await this.#common.listen();
    const [first] = this.#slots;
    if (first !== undefined && !this.#stopping) this.#launch(first);
  }

  /** Drains one worker after the other and ends. */
  async stop(signal: string): Promise<void> {
    this.options.say(`${signal}: draining ${this.#alive.size} workers, one after the other (again to stop now)`);
    this.#halt();
    for (const worker of this.#alive) if (!worker.ready) worker.kill();
    await this.#work;
    let code = 0;
    for (const worker of [...this.#alive].sort((a, b) => a.slot - b.slot)) if (!(await this.#drain(worker))) code = 1;
    this.#finish({ code });
  }

  /** Ends everything at once. */
  kill(): void {
    this.#halt();
    for (const worker of this.#alive) worker.kill();
  }

  /** Replaces the workers, one after the other: the next begins when the former's successor serves and it has drained. */
  restart(signal: string): Promise<void> {
    return this.#enqueue(async () => {
      this.options.say(`${signal}: restarting ${this.#slots.length} workers, one after the other`);
      for (const slot of this.#slots) if (this.#stopping || !(await this.#replace(slot))) return;
      this.options.say("all workers restarted");
    });
  }

  // ---- what workers report

  ready(worker: WorkerProcess): void {
    this.#failures = 0;
    const slot = this.#slotOf(worker);
    if (slot.tried && this.#announced) this.options.say(`${named(worker)} serves`);
    slot.tried = true;
    if (!this.#served) {
      this.#served = true;
      for (const other of this.#slots) if (other !== slot) this.#launch(other);
    }
    this.#announce();
  }

  /** A worker was told by somebody else to end: it is replaced, and drains then. */
  asked(worker: WorkerProcess, signal: string): void {
    void this.#enqueue(async () => {
      const slot = this.#slotOf(worker);
      if (this.#stopping || slot.current !== worker || !this.#alive.has(worker)) return;
      this.options.say(`${named(worker)} got ${signal}: replacing it`);
      await this.#replace(slot);
    });
  }

  ended(worker: WorkerProcess, end: WorkerEnd): void {
    this.#alive.delete(worker);
    const slot = this.#slotOf(worker);
    if (worker.leaving || this.#stopping || slot.current !== worker) return;
    slot.tried = true;
    if (!worker.ready) this.#failures++;
    if (end.explained && !this.#served) return this.#giveUp();
    if (this.#failures >= GIVE_UP && ![...this.#alive].some(({ ready }) => ready)) {
      this.options.complain(`${named(worker)} ${end.how} before it was ready`);
      return this.#giveUp(serverError("VANGO_WORKER_CRASHES", { message: `${GIVE_UP} workers in a row; the last one ${end.how}.` }));
    }
    const wait = slot.backOff.ended(end.readyMs);
    this.options.complain(`${named(worker)} ${end.how} ${worker.ready ? `after ${seconds(end.readyMs)}` : "before it was ready"}; starting it again in ${seconds(wait)}`);
    slot.timer = setTimeout(() => this.#launch(slot), wait);
    this.#announce();
  }

  others(worker: WorkerProcess): boolean {
    return [...this.#alive].some((other) => other !== worker && other.serves);
  }

  // ---- one slot

  #launch(slot: Slot): WorkerProcess {
    clearTimeout(slot.timer);
    slot.timer = undefined;
    const worker = new WorkerProcess(slot.number, this.#meet, { count: this.#slots.length, first: !this.#served }, this);
    slot.current = worker;
    this.#alive.add(worker);
    return worker;
  }

  /** True when the slot has a new worker and the former one, if there was one, has ended. */
  async #replace(slot: Slot): Promise<boolean> {
    const former = slot.current;
    const next = this.#launch(slot);
    next.leaving = true; // until it serves, its end starts no other: the former one goes on
    if ((await next.settled) === "ended") {
      if (this.#stopping) return false;
      const { how } = await next.end;
      const goesOn = former !== undefined && this.#alive.has(former);
      slot.current = goesOn ? former : undefined;
      this.options.complain(`${named(next)} ${how} before it was ready; ${goesOn ? `pid ${former.pid} stays, and nothing more is restarted` : "starting it again"}`);
      if (!goesOn) this.#launch(slot);
      return false;
    }
    next.leaving = false;
    if (former !== undefined && this.#alive.has(former)) await this.#drain(former);
    return true;
  }

  async #drain(worker: WorkerProcess): Promise<boolean> {
    const begun = performance.now();
    const { clean, how } = await worker.drain(DRAIN_MS);
    const time = seconds(performance.now() - begun);
    if (clean) this.options.say(`${named(worker)} drained in ${time}`);
    else this.options.complain(`${named(worker)} ${how} ${time} after it was told to drain`);
    return clean;
  }

  // ---- all of them

  #slotOf(worker: WorkerProcess): Slot {
    const slot = this.#slots[worker.slot - 1];
    if (slot === undefined) throw new RangeError(`no slot ${worker.slot}`);
    return slot;
  }

  #announce(): void {
    if (this.#announced || this.#stopping || !this.#slots.every(({ tried }) => tried)) return;
    this.#announced = true;
    const serving = [...this.#alive].filter(({ ready }) => ready);
    const { url = "", transport = "" } = serving[0] ?? {};
    if (transport === "uws" && !handsOver()) this.options.say(RESETS);
    this.options.say(`listening on ${url} with ${serving.length} workers (${transport}; pids ${serving.map(({ pid }) => pid).join(" ")})`);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => (this.#stopping ? undefined : work()));
    return this.#work;
  }

  #halt(): void {
    this.#stopping = true;
    for (const slot of this.#slots) clearTimeout(slot.timer);
  }

  #giveUp(error?: VangoError): void {
    this.kill();
    void Promise.all([...this.#alive].map(({ end }) => end)).then(() => this.#finish({ code: 1, ...(error === undefined ? {} : { error }) }));
  }
}
