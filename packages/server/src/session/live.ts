/**
 * What sessions, joining, resuming and ending share: the app, its sessions, its store.
 */
import { encodeRefuse } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import type { ServerErrorCode } from "../errors.js";
import type { AppCore, LiveSocket } from "../session-port.js";
import type { StateKeeper } from "../state/keeper.js";
import type { Scheduler } from "./fairness/scheduler.js";
import type { Directory } from "./directory.js";
import type { ClientEvent } from "./session.js";
import type { HandOver } from "./hand-over.js";
import type { KeyLock } from "./key-lock.js";
import type { RateRule } from "./rate.js";

export interface Live {
  readonly core: AppCore;
  readonly keeper: StateKeeper;
  readonly directory: Directory;
  readonly scheduler: Scheduler<ClientEvent>;
  /** Of what clients send. */
  readonly rate: RateRule;
  /** Of GETs, for their joins. */
  readonly results: HandOver;
  /** By session id. */
  readonly locks: KeyLock;
  readonly draining: boolean;
}

/** Says no and closes. `retry` in ms; negative: do not come back. */
export function refuse(socket: LiveSocket, code: ServerErrorCode, reason: string, retry = -1): undefined {
  if (diagnostics.session.watched) diagnostics.session.publish({ kind: "refuse", session: "", ip: socket.data.ip, reason: code });
  socket.send(encodeRefuse({ code, reason, retry, ...(code === "VANGO_PROTOCOL_VERSION" ? { reload: true } : {}) }));
  socket.close(1008, code);
  return undefined;
}
