// The connection's state as the page sees it: attributes on <html> and the event `vango:connection`.
// Invariant: attribute, event and `state` never disagree; an unchanged state is not announced again.
import { emit } from "./emit.js";

/** Where the connection is. `refused` is final until `vango.reconnect()`; every other state heals itself. */
export type State = "connecting" | "live" | "reconnecting" | "offline" | "refused";

/**
 * Detail of the event `vango:connection`. `reason` is empty, a code of the server, or one of `timeout` (did not open),
 * `silent` (no answer to a ping), `closed`, `frame` (a frame was missing or did not fit), `part` (the runtime's second
 * file did not load), `reload` (the page is being reloaded).
 */
export interface ConnectionDetail {
  readonly state: State;
  readonly reason: string;
}

export let state: State;
let shown = "";

/** Shows the state on `<html>` and tells listeners, if it changed. */
export function setState(next: State, reason = ""): void {
  const { dataset } = document.documentElement;
  state = next;
  if (shown === (shown = next + reason)) return;
  dataset.vango = next;
  dataset.vangoReason = reason;
  if (!reason) delete dataset.vangoReason;
  emit("vango:connection", { state: next, reason });
}
