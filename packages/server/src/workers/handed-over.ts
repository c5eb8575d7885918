/**
 * Connections that the supervisor hands to a worker (node:cluster; the `ws` transport). The supervisor holds each until the
 * worker answers that it has it. Invariant: when a worker ends with connections unanswered, it has read nothing of them, and they
 * go to another worker, or are closed when none serves; node:cluster itself would hold them open for ever.
 */
import type { ChildProcess } from "node:child_process";

/** What node:cluster sends with a connection, and what it gets for it. */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

interface Connection {
  close(): void;
}

const CLUSTER = "NODE_CLUSTER";

const fieldsOf = (message: unknown): ClusterMessage => (typeof message === "object" && message !== null ? message : {});
const isConnection = (handle: unknown): handle is Connection => typeof handle === "object" && handle !== null && "close" in handle;

/** Follows the connections that a new worker is given. `others`: does another worker take connections? */
export function followHandOver(worker: ChildProcess, others: () => boolean): void {
  const waiting = new Map<number, Connection>();
  const { send } = worker;
  worker.send = ((message: unknown, handle?: unknown, ...rest: unknown[]): boolean => {
    const { cmd, act, seq } = fieldsOf(message);
    if (cmd === CLUSTER && act === "newconn" && typeof seq === "number" && isConnection(handle)) waiting.set(seq, handle);
    return Reflect.apply(send, worker, [message, handle, ...rest]) as boolean;
  }) as ChildProcess["send"];
  worker.on("internalMessage", (message: unknown) => {
    const { cmd, ack } = fieldsOf(message);
    if (cmd === CLUSTER && typeof ack === "number") waiting.delete(ack);
  });
  const release = (): void => {
    if (worker.connected) return; // what it said is not read yet
    for (const [ack, connection] of [...waiting]) {
      waiting.delete(ack);
      // The answer of a worker that cannot take it: node:cluster then gives it to the next.
      if (others()) worker.emit("internalMessage", { cmd: CLUSTER, ack, accepted: false }, undefined);
      else connection.close();
    }
  };
  // By then node:cluster offers it nothing more. With a connection on its way a channel may end without saying so.
  worker.once("disconnect", release);
  worker.once("exit", release);
}
