/**
 * What a supervisor and its workers say to each other over the process channel, and the variables a worker is started with.
 */

/** Set for workers alone; read and removed when they start, so that processes which the app starts do not inherit them. */
export const WORKER_VARIABLES = { place: "VANGO_WORKER", folder: "VANGO_WORKER_FOLDER", token: "VANGO_WORKER_TOKEN" } as const;

export type FromWorker =
  /** It serves. `name` is its part of session ids. */
  | { readonly vango: "ready"; readonly url: string; readonly transport: string; readonly name: string }
  /** It cannot start, and has said why. */
  | { readonly vango: "failed" }
  /** It got a signal to end: it would like to be replaced. */
  | { readonly vango: "asked"; readonly signal: string }
  | { readonly vango: "alive" }
  /** It listens no more, and asks whether a connection is on its way to it. */
  | { readonly vango: "last?" }
  | { readonly vango: "left" };

/** `last`: the connections that were given to it stand before this in the channel. */
export type ToWorker = { readonly vango: "drain" } | { readonly vango: "alive?" } | { readonly vango: "last" };

export function isMessage<M extends { readonly vango: string }>(message: unknown): message is M {
  return typeof message === "object" && message !== null && typeof (message as { vango?: unknown }).vango === "string";
}
