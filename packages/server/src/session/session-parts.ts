/**
 * What few sessions have: it lies in one object that is made when the first of it is set, so that a session without costs one
 * empty field.
 */
import type { SignalNode } from "@vango/core/internal";
import type { PageMatch } from "../router/resolve.js";
import type { SessionState } from "../state/keeper.js";

/** An epoch that a document may still speak of, and its last handled event. */
export interface Former {
  readonly epoch: number;
  readonly applied: number;
}

export class SessionParts {
  /** Persisted values. */
  state: SessionState | undefined = undefined;
  /** The page it shows, for those who follow it: `ctx.route` in a render. */
  route: SignalNode<PageMatch> | undefined = undefined;
  /** The page's query as `ctx.route` gives it. */
  query: URLSearchParams | undefined = undefined;
  /** Navigations begun. */
  asked = 0;
  /** When the login of the user ends, ms since 1970; 0: it has ended; undefined: never. */
  loginEnds: number | undefined = undefined;
  /** When the login was last known to hold. */
  heldAt: number | undefined = undefined;
  /** Of a session whose page was mounted anew. */
  former: Former | undefined = undefined;
}
