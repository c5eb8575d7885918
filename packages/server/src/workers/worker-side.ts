/**
 * A worker's side of its supervisor: says when it serves, drains when told to, and does not outlive it. Signals that a
 * terminal or an init system sends to every process of a group are left to the supervisor.
 */
import cluster from "node:cluster";
import { CommonLink } from "./common-link.js";
import { haveInCommon } from "./in-common.js";
import { isMessage, WORKER_VARIABLES, type FromWorker, type ToWorker } from "./worker-messages.js";
import type { PeersOfApp } from "./relaying-sessions.js";

/** Which of several processes of an app this is. */
export interface WorkerPlace {
  /** 1 to `count`; who takes over from a process has its number. */
  readonly number: number;
  readonly count: number;
  /** No process of the app has served before it since `vango start`: the place for what is done once, such as a migration. */
  readonly first: boolean;
}

export interface WorkerSide {
  readonly place: WorkerPlace;
  /** For `listen({ peers })`. */
  readonly peers: PeersOfApp;
  /** It serves. `drain` saves and sends clients away; the process ends after it. */
  ready(at: { readonly url: string; readonly transport: string; readonly worker: string }, drain: (why: string) => Promise<void>): void;
  /** The app cannot start, and has said why: ends the process. */
  failed(): void;
}

/** The worker's side, in a process that a supervisor started; undefined elsewhere. */
export function workerSide(env: NodeJS.ProcessEnv = process.env): WorkerSide | undefined {
  const { place, folder, token } = WORKER_VARIABLES;
  const [numbers, where, secret] = [env[place], env[folder], env[token]];
  for (const name of [place, folder, token]) delete env[name];
  if (!cluster.isWorker || numbers === undefined || where === undefined || secret === undefined) return undefined;

  let drain: ((why: string) => Promise<void>) | undefined;
  let leaving = false;
  let last: (() => void) | undefined;
  const leave = async (why: string): Promise<void> => {
    const work = drain;
    drain = undefined;
    if (work === undefined) return;
    leaving = true;
    let code = 0;
    await work(why).catch((error: unknown) => {
      console.error(error);
      code = 1;
    });
    // The supervisor of the `ws` transport accepts connections and hands them over. One that is on its way is given back by
    // node:cluster, since nothing listens here now; it would hang if this process ended before.
    if (!process.connected) process.exit(code);
    last = () => say({ vango: "left" }, () => process.exit(code));
    say({ vango: "last?" });
  };
  for (const signal of ["SIGINT", "SIGHUP", "SIGUSR2"] as const) process.on(signal, () => undefined);
  process.on("SIGTERM", () => say({ vango: "asked", signal: "SIGTERM" }));
  process.on("message", (message) => {
    if (!isMessage<ToWorker>(message)) return;
    if (message.vango === "alive?") say({ vango: "alive" });
    else if (message.vango === "drain") void leave("");
    else last?.();
  });
  cluster.worker?.on("disconnect", () => {
    // node:cluster would end the process at once.
    if (cluster.worker !== undefined && (leaving || drain !== undefined)) cluster.worker.exitedAfterDisconnect = true;
    last?.();
    void leave("the supervisor is gone");
  });

  haveInCommon(new CommonLink({ folder: where, token: secret }));
  const [number = 1, count = 1, first = 0] = numbers.split(" ").map(Number);
  return {
    place: { number, count, first: first === 1 },
    peers: { folder: where, token: secret },
    ready({ url, transport, worker }, work) {
      drain = work;
      if (process.connected) say({ vango: "ready", url, transport, name: worker });
      else void leave("the supervisor is gone");
    },
    failed: () => say({ vango: "failed" }, () => process.exit(1)),
  };
}

function say(message: FromWorker, then: () => void = () => undefined): void {
  if (process.send !== undefined && process.connected) process.send(message, undefined, undefined, then);
  else then();
}
