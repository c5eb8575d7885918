/**
 * The options of an app and the app itself, as users see them.
 */
import type { Ctx, VangoError } from "@vango/core";
import type { Bus, SessionStore } from "@vango/persist";
import type { RouteTable } from "./router/route-table.js";
import type { AuthOptions } from "./security/login.js";
import type { RequestCtx } from "./router/types.js";

export interface AppOptions {
  /** `routes` of routes_gen.ts. */
  routes: RouteTable;
  /**
   * {@link StateBindings}, the default export of vango_state_bindings_gen.ts: by it values that other versions of the app have stored are read, migrated or
   * refused. Default none: everything that is stored is read as it is. VANGO_STATE_BINDINGS for anything else.
   */
  state?: object;
  /** Where persisted state lives; see `@vango/persist`. Default: the memory of this process. The app does not close it. */
  store?: SessionStore;
  /**
   * `"before-ack"`: nothing that a client is shown or told was done can be lost with this process; needs a store that survives it.
   * Default `"behind"`: changes are written within 50 ms.
   */
  durability?: "behind" | "before-ack";
  /** Persisted values are encrypted in the store (AES-256-GCM, keys from `secret`). Default false: signed only. */
  encryptState?: boolean;
  /** How processes tell each other what has changed in the store; see `@vango/persist`. Default none: one process. The app does not close it. */
  bus?: Bus;
  /**
   * Signs cookies, tokens and boot blobs: at least 32 characters. An array rotates: the first signs, all verify.
   * Without it the environment's VANGO_SECRET counts; without that a random one is made, so a restart, or another process, does not know its clients again.
   */
  secret?: string | readonly string[];
  /** The app stands under this path, for example `/app`. Default none. */
  basePath?: string;
  /** Errors are shown in detail, files are not cached. Default false. */
  dev?: boolean;
  /** How long a GET waits for resources. Default 1000 ms. */
  ssrDeadlineMs?: number;
  /** How long a session waits for its client to return, its timers running. Then it is saved and ends. Default 5 min; 0: not at all. */
  resumeWindowMs?: number;
  /** Overrides of {@link LIMITS} by name. */
  limits?: Partial<Record<string, number>>;
  /**
   * What happens when a session spends a storm budget (`effectsPerTurn`, `resourcesPerSecond`, `actionsPerSecond`, `latestPerSecond`). "throttle":
   * what is over it is refused. "breaker": the session ends as well, after its turn; what is persisted is saved. Default "throttle".
   */
  storms?: "throttle" | "breaker";
  /** How long logins hold, and what becomes of pages whose login has ended; see the guide "Logins". */
  auth?: AuthOptions;
  onSessionStart?(req: RequestCtx, ctx: Ctx): void | Promise<void>;
  /**
   * Runs when a page comes back to its session, or to what was saved of it; begins inside a turn, as `onSessionStart`. If it throws
   * the page gets a fresh session.
   */
  onSessionResume?(ctx: Ctx): void | Promise<void>;
  /** Called for every error the framework meets. Without it they are written to the log. */
  onError?(e: VangoError): void;
  /** Which of several processes this is, given by `vango start --workers`; undefined in a process that is alone. `first`: none has served before it. */
  worker?: { readonly number: number; readonly count: number; readonly first: boolean };
  /** Folder of static files, served from the base path on. Default none. */
  publicDir?: string;
  /** Origin that browsers see, for example `https://example.org`: exact origin checks, Secure cookies, HSTS. */
  publicOrigin?: string;
  /**
   * Addresses and networks of proxies in front of the app, such as `10.0.0.0/8`: theirs are the `X-Forwarded-For` and `X-Forwarded-Host` that count, for limits of
   * an address and for origin checks. Default none: with a proxy and without this, all visitors share the proxy's address.
   */
  trustedProxies?: readonly string[];
  /** Language of the documents. Default `en`. */
  lang?: string;
  /** Content-Security-Policy of pages; `false` sends none. Default: scripts and sockets of this origin only. */
  csp?: string | false;
}

export interface ListenAppOptions {
  /** Default 3000; 0 picks a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default `uws` where it loads, else `ws`. */
  transport?: "uws" | "ws";
  /** Several processes share the port. Default false. Where the transport cannot: VANGO_REUSE_PORT. */
  reusePort?: boolean;
  /** Where the app's processes on this machine meet, given by the supervisor of `vango start --workers`: sessions of one are reached through all. */
  peers?: { readonly folder: string; readonly token: string };
}

export interface ListeningApp {
  url: string;
  port: number;
  transport: "uws" | "ws";
  /** The process's part of the session ids, `<worker>.<id>`. */
  worker: string;
  close(): Promise<void>;
}

export interface App {
  /** Answers a request without a socket: mounts the app in any server that speaks Fetch. */
  fetch(req: Request): Promise<Response>;
  /** Serves HTTP and WebSockets. Rejects with VANGO_PORT_TAKEN, VANGO_LISTEN_FAILED or VANGO_TRANSPORT_UNAVAILABLE. */
  listen(o?: ListenAppOptions): Promise<ListeningApp>;
  /**
   * Ends the login of a person everywhere in this process, and with a `bus` in all others: his pages connect anew, and middleware decides with the cookies of
   * then. `principal` as `auth.principal` names it. Call it when he logs out or is locked out. Gives the number of pages here.
   */
  endLogin(principal: string): number;
  /** Stops accepting, tells every client when to come back, saves, closes. */
  drain(): Promise<void>;
}
