/**
 * The narrow port between HTTP and live sessions: `src/session/` implements it, `src/http/` calls it.
 */
import { performance } from "node:perf_hooks";
import type { RenderPage } from "./render-port.js";
import type { Limits } from "./limits.js";
import type { Router } from "./router/resolve.js";
import type { Login } from "./security/login.js";
import type { Tokens } from "./security/tokens.js";
import type { TrustedProxies } from "./security/trusted-proxies.js";
import type { Socket } from "./transport/transport.js";
import type { AppState } from "./state/app-state.js";
import type { StateValues } from "./state/read-values.js";
import type { AppOptions } from "./app-options.js";
import type { VangoError } from "@vango/core";

/** What is known about a socket when it opens: kept on the socket, so it is small and the headers can be dropped. */
export interface Connection {
  /** Id of the browser (cookie). */
  readonly browser: string;
  /** Address of the peer as text. */
  readonly ip: string;
  /** `http://host` or `https://host`, for the requests that middleware sees. */
  readonly origin: string;
  /** Headers of the upgrade that middleware may read; set to undefined when the session no longer needs them. */
  headers: readonly (readonly [name: string, value: string])[] | undefined;
  /** For the session's own use: whatever it hangs on the socket. */
  session: unknown;
}

export type LiveSocket = Socket<Connection>;

/** Time as sessions see it; a test gives a virtual one. */
export interface Clock {
  /** Milliseconds; only differences matter. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  setTimer(ms: number, fn: () => void): unknown;
  clearTimer(timer: unknown): void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  setTimer: (ms, fn) => setTimeout(fn, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** What a session may use of its app. */
export interface AppCore {
  readonly options: AppOptions;
  /** Names this incarnation of the process: the first part of a session's public id. */
  readonly worker: string;
  /** What persisted state stands on. */
  readonly state: AppState;
  readonly router: Router;
  readonly tokens: Tokens;
  readonly proxies: TrustedProxies;
  readonly login: Login;
  readonly limits: Limits;
  readonly basePath: string;
  readonly dev: boolean;
  readonly clock: Clock;
  /** Told of every loader and action that starts; a test waits for them. */
  readonly onWork?: (place: string, work: Promise<unknown>) => void;
  /** Reports to `onError`, to `vango:error` and, without an onError, to the log. */
  report(error: unknown, session?: string): VangoError;
}

/** What a GET may render with when its tab is known. Plain data: it goes between processes. */
export interface TabValues extends StateValues {
  /** Fingerprint of the schema that it was read by: a process with another one cannot use it. */
  readonly schema: string;
  /** Whose they are: another user's page is rendered without. */
  readonly principal: string;
}

/** The live side of an app. Methods are called on the loop of the transport and must not throw for what a client sends. */
export interface SessionPort {
  open(socket: LiveSocket): void;
  /** `bytes` is valid only during the call, and no longer than `limits.messageBytes` unless it is a JOIN. */
  message(socket: LiveSocket, bytes: Uint8Array): void;
  drained(socket: LiveSocket): void;
  closed(socket: LiveSocket, code: number): void;
  /** Whether the session with this id (without the worker's name) is here, attached or detached: another process asks before it relays. */
  holds(id: string): boolean;
  /** What the GET with this document nonce loaded; the join may take it instead of loading again. */
  handOver(nonce: string, results: ReadonlyMap<string, { readonly value: unknown }>): void;
  /** Persisted values of a tab's session, for the GET of the tab's next document. Reads only; undefined when there are none for this browser. */
  tabValues(sid: string, browser: string): Promise<TabValues | undefined>;
  /** Ends the login of a person in all sessions; gives their number. */
  endLogin(principal: string): number;
  /** Announces, saves, closes every session. Resolves within `limits.drainMs`. */
  drain(): Promise<void>;
}

/** What `buildApp` runs on: `createSessions` of `src/session/`, `renderPage` of `src/http/`. */
export interface LiveRuntime {
  createSessions(core: AppCore): SessionPort;
  readonly renderPage: RenderPage;
}
