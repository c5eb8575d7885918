/**
 * Puts an app together from its options and the live runtime. Every option is checked here, not on the first request.
 */
import { randomBytes } from "node:crypto";
import type { VangoError } from "@vango/core";
import type { App, AppOptions, ListenAppOptions, ListeningApp } from "./app-options.js";
import { diagnostics } from "./diagnostics.js";
import { documentShell } from "./document.js";
import { asVangoError, serverError } from "./errors.js";
import { clientAsset, readClientBundle, type ClientAsset, type ClientBundle } from "./http/client-asset.js";
import type { HttpContext } from "./http/context.js";
import { FetchIncoming } from "./http/fetch-incoming.js";
import { liveHandlers } from "./http/live.js";
import { handleRequest, INTERNAL_PREFIX } from "./http/pipeline.js";
import { StaticFiles } from "./http/static-files.js";
import { resolveLimits } from "./limits.js";
import { canonicalPath } from "./router/path.js";
import { createRouter } from "./router/resolve.js";
import { BrowserCookie } from "./security/browser-cookie.js";
import { pageSecurityHeaders } from "./security/headers.js";
import { Login } from "./security/login.js";
import { Tokens } from "./security/tokens.js";
import { TrustedProxies } from "./security/trusted-proxies.js";
import { realClock, type AppCore, type LiveRuntime, type SessionPort } from "./session-port.js";
import { newWorker } from "./session/identity.js";
import { publishEnd } from "./session/login-bus.js";
import { appState } from "./state/app-state.js";
import { surviveStrayErrors } from "./stray-errors.js";
import { ClientMistakes, isClientMistake } from "./observe/client-mistakes.js";
import { pickTransport } from "./transport/pick.js";
import { RelayingSessions } from "./workers/relaying-sessions.js";
import { toResponse } from "./transport/reply.js";
import type { Incoming, Listening, Outgoing } from "./transport/transport.js";

const DEFAULT_PORT = 3000;

/** An app with the parts that sibling modules (testing, devtools) reach. */
export interface BuiltApp extends App {
  readonly core: AppCore;
  readonly sessions: SessionPort;
  /** All sessions that drain with the app: its own, and those of test rigs. */
  readonly drains: Set<SessionPort>;
  /** The cookie of a browser, for a test that joins without a socket. */
  readonly http: HttpContext;
}

/** @param client The browser runtime; absent reads `@vango/client/bundle`. */
export function buildApp(options: AppOptions, runtime: LiveRuntime, client?: ClientBundle): BuiltApp {
  const limits = resolveLimits(options.limits);
  const basePath = checkBasePath(options.basePath ?? "");
  const publicOrigin = checkOrigin(options.publicOrigin);
  const dev = options.dev === true;
  const { resumeWindowMs = 0 } = options;
  if (!Number.isFinite(resumeWindowMs) || resumeWindowMs < 0) throw serverError("VANGO_BAD_OPTION", { message: `resumeWindowMs is ${resumeWindowMs}; it is a time in ms, 0 for none.` });
  const secrets = secretsOf(options);
  const tokens = new Tokens(secrets);
  const worker = newWorker();
  const reporter = (error: unknown, session?: string): VangoError => report(options, error, session);
  const core: AppCore = {
    options,
    worker,
    state: appState({ options, limits, secrets, worker, report: reporter }),
    router: createRouter(options.routes, basePath),
    tokens,
    proxies: new TrustedProxies(options.trustedProxies ?? []),
    login: new Login(options.auth, () => core.clock.date(), (error) => void core.report(error)),
    limits,
    basePath,
    dev,
    clock: realClock,
    report: reporter,
  };
  const asset = loadClient(core, client);
  let draining = false;
  const http: HttpContext = {
    core,
    shell: documentShell({ lang: options.lang ?? "en", script: asset && basePath + INTERNAL_PREFIX + asset.fileName, preload: asset && basePath + INTERNAL_PREFIX + asset.moreName, basePath }),
    client: asset,
    files: options.publicDir === undefined ? undefined : new StaticFiles(options.publicDir, limits, dev),
    cookie: new BrowserCookie(core.tokens, publicOrigin?.startsWith("https:") === true),
    renderPage: (input) => runtime.renderPage(input),
    handOver: (nonce, results) => sessions.handOver(nonce, results),
    tabValues: (sid, browser) => front.tabValues(sid, browser),
    pageHeaders: pageSecurityHeaders({ publicOrigin, csp: options.csp }),
    ready: () => !draining,
  };
  const sessions = runtime.createSessions(core);
  /** The sessions, or what relays to them and to those of other processes. */
  let front: SessionPort = sessions;
  const handle = (incoming: Incoming): Outgoing | Promise<Outgoing> => observed(http, incoming);
  const listening = new Set<Listening>();
  const drains = new Set([sessions]);

  return {
    core,
    sessions,
    drains,
    http,
    async fetch(request) {
      const incoming = new FetchIncoming(request);
      try {
        await core.state.shared.loaded();
        return toResponse(await handle(incoming), request.method === "HEAD");
      } catch (error) {
        core.report(error);
        return new Response("Internal Server Error", { status: 500 });
      }
    },
    async listen(o: ListenAppOptions = {}): Promise<ListeningApp> {
      if (options.secret === undefined && (!process.env["VANGO_SECRET"] || process.env["VANGO_SECRET_TEMPORARY"]) && !dev) console.warn("vango: no secret: clients are strangers after a restart and to other processes. Set createApp({ secret }).");
      const transport = await pickTransport(o.transport, undefined, o.reusePort);
      await core.state.shared.loaded();
      const relaying = o.peers === undefined ? undefined : await RelayingSessions.start(core, sessions, o.peers);
      const port = relaying ?? sessions;
      const server = await transport.listen(liveHandlers(http, port, handle), {
        port: o.port ?? DEFAULT_PORT,
        ...(o.host === undefined ? {} : { host: o.host }),
        maxPayload: limits.joinBytes,
        maxBackpressure: limits.socketDropBytes,
        idleTimeout: Math.min(960, Math.max(8, Math.round(limits.socketIdleMs / 1000))),
        maxBody: limits.requestBodyBytes,
        reusePort: o.reusePort === true,
      }).catch((error: unknown) => {
        void relaying?.peers.close();
        throw error;
      });
      if (relaying !== undefined) {
        // Whoever asks for sessions asks for those of all processes from now on.
        front = relaying;
        drains.delete(sessions);
        drains.add(relaying);
      }
      surviveStrayErrors();
      listening.add(server);
      return {
        url: server.url + basePath,
        port: server.port,
        transport: transport.name,
        worker: core.worker,
        async close() {
          listening.delete(server);
          await server.close();
        },
      };
    },
    endLogin(principal) {
      const { bus } = core.state;
      if (bus !== undefined && principal !== "") publishEnd(bus, worker, principal).catch((error: unknown) => void core.report(error));
      return [...drains].reduce((n, all) => n + all.endLogin(principal), 0);
    },
    async drain() {
      await Promise.all([...listening].map((server) => server.stop()));
      draining = true;
      await Promise.all([...drains].map((all) => all.drain()));
      await core.state.shared.close();
    },
  };
}

/** Times requests for those who watch; nothing otherwise. */
function observed(http: HttpContext, incoming: Incoming): Outgoing | Promise<Outgoing> {
  if (!diagnostics.http.watched) return handleRequest(http, incoming);
  const { method, path } = incoming;
  const start = performance.now();
  const done = (out: Outgoing): Outgoing => {
    diagnostics.http.publish({ method, path, status: out.status, ms: performance.now() - start });
    return out;
  };
  const out = handleRequest(http, incoming);
  return out instanceof Promise ? out.then(done) : done(out);
}

function report(options: AppOptions, thrown: unknown, session?: string): VangoError {
  const error = asVangoError(thrown);
  diagnostics.error.publish({ code: error.code, message: error.message, error: thrown, ...(session === undefined ? {} : { session }) });
  if (options.onError === undefined) print(error);
  else {
    try {
      options.onError(error);
    } catch (second) {
      console.error(error, second);
    }
  }
  return error;
}

const mistakes = new ClientMistakes();

function print(error: VangoError): void {
  if (!isClientMistake(error.code)) return console.error(error);
  const untold = mistakes.next(error.code, performance.now());
  if (untold !== undefined) console.error(`${error.message}${untold === 0 ? "" : ` (and ${untold} more of this code before)`}`);
}

function loadClient(core: AppCore, client: ClientBundle | undefined): ClientAsset | undefined {
  try {
    return clientAsset(client ?? readClientBundle());
  } catch (error) {
    // Pages still render; without the script they stay static. Said once, loudly.
    core.report(error);
    return undefined;
  }
}

function secretsOf(options: AppOptions): readonly string[] {
  const { secret } = options;
  if (typeof secret === "string") return [secret];
  if (secret !== undefined) return secret;
  const given = process.env["VANGO_SECRET"];
  if (given !== undefined && given !== "") return [given];
  return [randomBytes(32).toString("base64url")];
}

function checkBasePath(basePath: string): string {
  const path = basePath === "/" ? "" : basePath;
  if (path !== "" && canonicalPath(path).kind !== "ok") throw serverError("VANGO_BAD_OPTION", { message: `basePath \`${basePath}\` must look like \`/app\`.` });
  return path;
}

function checkOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (!/^https?:\/\/[^/?#@\s]+$/.test(origin) || new URL(origin).origin !== origin) {
    throw serverError("VANGO_BAD_OPTION", { message: `publicOrigin \`${origin}\` must look like \`https://example.org\`.` });
  }
  return origin;
}
