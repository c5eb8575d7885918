/**
 * Catalogue of the errors that the server throws or reports. One entry a code; each has a page in docs/errors and a test.
 */
import { createServer } from "node:net";
import { VangoError } from "@vango/core";
import { messageOf } from "@vango/core/internal";

interface ErrorEntry {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

export const SERVER_ERRORS = {
  VANGO_PORT_TAKEN: {
    message: "The port is taken.",
    why: "Another process listens on this address and port.",
    fix: "Stop that process, or choose another port: PORT=3001, `--port 3001`, or listen({ port: 0 }) for a free one.",
  },
  VANGO_LISTEN_FAILED: {
    message: "The server could not listen.",
    why: "The operating system refused the address: it is not this machine's, or the port needs a privilege.",
    fix: "Listen on 127.0.0.1 or 0.0.0.0 and a port above 1023.",
  },
  VANGO_TRANSPORT_UNAVAILABLE: {
    message: "uWebSockets.js was asked for and does not load here.",
    why: "The package is not installed, or it has no binary for this platform, C library or Node version.",
    fix: "Install uWebSockets.js for this Node version (see the README of @vango/server), or leave `transport` out: `ws` then serves.",
  },
  VANGO_REUSE_PORT: {
    message: "Several processes cannot share a port with this transport here.",
    why: "Sharing a port needs SO_REUSEPORT with balancing, which uWebSockets.js has on Linux, and node:http on Linux from Node 22.12; elsewhere a supervisor shares it.",
    fix: "Run `vango start --workers N`, which shares the port everywhere with the `ws` transport, or leave `reusePort` out.",
  },
  VANGO_WORKER_CRASHES: {
    message: "The workers end before they are ready.",
    why: "Several workers in a row ended while they started, and none serves: starting more of them would change nothing. Their output is above.",
    fix: "Correct what the output names. `vango start` without --workers runs the app in one process, which is easier to debug.",
  },
  VANGO_WORKERS_FOLDER: {
    message: "The workers have nowhere to meet.",
    why: "Workers of one app reach each other by sockets in a private temporary folder. It could not be made, or its path is longer than a socket's path may be (about 100 characters).",
    fix: "Set TMPDIR to a short path that this user may write, for example /tmp.",
  },
  VANGO_BODY_TOO_LARGE: {
    message: "The request body is larger than allowed.",
    why: "Bodies are limited so that one request cannot fill the memory.",
    fix: "Send less, or raise the limit in createApp({ limits: { requestBodyBytes } }).",
  },
  VANGO_UNKNOWN_LIMIT: {
    message: "createApp got a limit that does not exist.",
    why: "Limits are a fixed table; a misspelt name would silently leave the default in force.",
    fix: "Use a name of LIMITS (see the README of @vango/server).",
  },
  VANGO_BAD_LIMIT: {
    message: "createApp got a limit that is not a positive whole number.",
    why: "Limits are counts, bytes or milliseconds.",
    fix: "Give a finite whole number of at least 1.",
  },
  VANGO_BAD_OPTION: {
    message: "createApp got an option it cannot use.",
    why: "Options are checked when the app is made, not on the first request.",
    fix: "Correct the option that the message names.",
  },
  VANGO_STATE_BINDINGS: {
    message: "createApp({ state }) got something else than state bindings.",
    why: "It takes the default export of vango_state_bindings_gen.ts as `vango state apply` writes it; by it stored values are read.",
    fix: 'Run `vango state apply`, and pass what it wrote: import state from "./vango_state_bindings_gen.js".',
  },
  VANGO_STATE_UNDECLARED: {
    message: "A persisted key is not in the state bindings.",
    why: "The bindings were generated from other sources than those that run, so nobody has checked what a deploy does to this key.",
    fix: "Run `vango state apply` and commit what it writes. Keys are literals: a key that is computed is never in the bindings.",
  },
  VANGO_STATE_MISMATCH: {
    message: "A persisted value is not of its declared type.",
    why: "An assertion or `any` has let it through. It is stored, but a later version may refuse it: what is checked is the type.",
    fix: "Give the signal a type that all of its values have, or correct the write. Said in development only, once for each place.",
  },
  VANGO_STATE_COLD: {
    message: "The saved state of a page cannot be read by this version of the app, so the page began anew.",
    why: "Another version wrote it: an earlier one, after a cold deploy, or a newer one, after a rollback. What was saved stays in the store until its time is over.",
    fix: "`vango state plan` tells it before the deploy. A migration, an alias or an optional field turns most cold changes warm.",
  },
  VANGO_WEAK_SECRET: {
    message: "A secret is too short.",
    why: "Secrets sign cookies, tokens and boot blobs; below 32 characters they can be guessed.",
    fix: "Use at least 32 random characters, for example `openssl rand -base64 32`.",
  },
  VANGO_BAD_ROUTE: {
    message: "A route of the table is not valid.",
    why: "Patterns start with `/`, have no empty segment, name each parameter once and end at a catch-all.",
    fix: "Correct the file name the route comes from and run `vango gen routes`.",
  },
  VANGO_DUPLICATE_ROUTE: {
    message: "Two routes match the same paths.",
    why: "Two patterns that differ only in parameter names, or a typed and an untyped parameter at one spot, cannot be told apart.",
    fix: "Remove or rename one of the two files and run `vango gen routes`.",
  },
  VANGO_ROUTE_MODULE: {
    message: "A route module does not export what its kind needs.",
    why: "Pages export `page`, layouts `layout`, middleware `middleware`, APIs functions named after HTTP verbs.",
    fix: "Add the export that the message names.",
  },
  VANGO_ROUTE_LOAD: {
    message: "A route module failed to load.",
    why: "Its top-level code, or that of a module it imports, threw.",
    fix: "See the cause; it is tried again on the next request.",
  },
  VANGO_HREF: {
    message: "href() cannot build this address.",
    why: "A parameter is missing, empty or does not fit its type.",
    fix: "Give every parameter of the pattern a value of its type.",
  },
  VANGO_MIDDLEWARE_RESULT: {
    message: "A middleware did not give a Response.",
    why: "A middleware either returns what next() resolves to or a Response of its own; leaving both out would answer nothing.",
    fix: "Return next(), ctx.redirect(…) or a Response.",
  },
  VANGO_MIDDLEWARE_NEXT: {
    message: "A middleware called next() more than once.",
    why: "The rest of the chain and the page run once a request.",
    fix: "Call next() once and keep its result.",
  },
  VANGO_REDIRECT_LOOP: {
    message: "More than 10 redirects in one navigation.",
    why: "Middleware kept redirecting, most often in a cycle.",
    fix: "Let one of the redirecting middlewares pass the path it redirects to.",
  },
  VANGO_REDIRECT_HREF: {
    message: "A redirect does not lead to a path of this site.",
    why: "Redirects are relative (`/x`) so that a parameter cannot send a visitor to another site.",
    fix: "Redirect to a path that starts with one `/`; for another site return a Response with its own Location.",
  },
  VANGO_API_RESULT: {
    message: "An API function gave a value that is not JSON.",
    why: "API functions return a Response or a JSON value.",
    fix: "Return a Response for anything else; convert bigint, functions and cycles before returning.",
  },
  VANGO_API_BODY: {
    message: "The request body is not valid JSON.",
    why: "An API function reads its body as JSON.",
    fix: "Send valid JSON with content-type application/json.",
  },
  VANGO_API_MEDIA_TYPE: {
    message: "The request body has a media type this API does not read.",
    why: "Only application/json (and +json) bodies are parsed.",
    fix: "Send JSON with content-type application/json.",
  },
  VANGO_API_METHOD: {
    message: "This API has no function for the method.",
    why: "The route module exports other verbs.",
    fix: "Use one of the methods in the Allow header, or export a function of this name.",
  },
  VANGO_API_FAILED: {
    message: "The API function threw.",
    why: "An exception that is not an HttpError reached the framework.",
    fix: "See the server's log; throw HttpError for an answer of your own.",
  },
  VANGO_BAD_PARAM: {
    message: "A parameter of the path does not fit its type.",
    why: "The route declares `[name:int]` or `[name:uuid]`.",
    fix: "Call the address with a value of that type.",
  },
  VANGO_BAD_PATH: {
    message: "The path is malformed.",
    why: "It holds a backslash, a NUL, a broken percent escape, an encoded slash in a plain segment or climbs above the root.",
    fix: "Encode path segments with encodeURIComponent, or build them with href().",
  },
  VANGO_NOT_FOUND: {
    message: "Nothing is at this address.",
    why: "No route, file or API matches the path.",
    fix: "Check the address.",
  },
  VANGO_ORIGIN_REFUSED: {
    message: "The request comes from another origin.",
    why: "Sockets need the Origin of this site; requests that change something must not come from another one.",
    fix: "Open the page from the same origin; behind a proxy set createApp({ publicOrigin }).",
  },
  VANGO_SSR_FAILED: {
    message: "A page failed to render.",
    why: "Setup, render or a resource of the page threw, or a middleware above it.",
    fix: "See the cause; wrap parts that may fail in <Boundary>.",
  },
  VANGO_CLIENT_MISSING: {
    message: "The client bundle of @vango/client was not found.",
    why: "Its dist folder has not been built, or a bundler left it out.",
    fix: "Build the workspace (`pnpm build`), and keep @vango/client external when you bundle the server.",
  },
  VANGO_EVENT_PAYLOAD: {
    message: "An event's payload does not fit.",
    why: "The client sent something else than the fields of an event: it is broken, of another version or hostile.",
    fix: "Nothing to do for one client. A form's data is a list of name and text.",
  },
  VANGO_STALE_EVENT: {
    message: "An event was captured on a page that is gone.",
    why: "The page was mounted again since; the event's element belonged to the former mount.",
    fix: "Nothing to do: the event was not run and the page was told.",
  },
  VANGO_AUTH_EXPIRED: {
    message: "The login has ended.",
    why: "Its time is over, `auth.verify` has refused it, or somebody called endLogin; the page's middleware was asked again, or will be.",
    fix: "Log in again. Give pages somewhere to go: a redirect in middleware, or `auth.loginPath`.",
  },
  VANGO_UNSAVED: {
    message: "The store cannot be reached, so this was not done.",
    why: 'With durability "before-ack" nothing may be shown that could be lost; the store has not taken a change for two seconds.',
    fix: "Bring the store back; what was done before goes out then, and what is asked from then on is done.",
  },
  VANGO_RATE_LIMITED: {
    message: "A session sent too many events.",
    why: "A session has a budget of events per second and a burst; what exceeds it is refused, not queued.",
    fix: "Debounce or throttle the event with on({ debounce }), or raise limits.eventsPerSecond.",
  },
  VANGO_PROTOCOL_VERSION: {
    message: "The page and the server speak different versions of the protocol.",
    why: "The server was upgraded across a version of the wire protocol, and a reload has brought the old page again.",
    fix: "Let no cache keep HTML of Vango pages; they are sent with `no-store`.",
  },
  VANGO_COOKIE_MISSING: {
    message: "The browser has no cookie of this site any more.",
    why: "A tab's session is valid only with the browser's own cookie, which was cleared or has expired, or which the browser keeps from the site.",
    fix: "Nothing to do: the page is loaded again, once, and gets a new cookie. If it stays so, the browser refuses cookies for this site.",
  },
  VANGO_JOIN_BOOT: {
    message: "A join was refused: its page is unknown.",
    why: "The boot blob was not signed by this app's secret for this browser: another secret, another cookie, or a forged blob.",
    fix: "Set the same `secret` in every process and keep it across restarts. The browser must send its cookie with the socket.",
  },
  VANGO_JOIN_DENIED: {
    message: "A join was refused by the page's middleware.",
    why: "Middleware answered for this address itself, so there is no page to join.",
    fix: "Nothing to do when that was meant: the browser asks for the address again with a GET.",
  },
  VANGO_JOIN_FAILED: {
    message: "A join failed.",
    why: "The page threw while it was mounted, or the client's description of it was malformed.",
    fix: "See the error reported before this one.",
  },
  VANGO_LIMIT_IP: {
    message: "Too many sessions from one address.",
    why: "limits.sessionsPerIp bounds what one address may open.",
    fix: "Raise the limit, or tell the app its proxies so that it sees the clients' own addresses.",
  },
  VANGO_LIMIT_SESSIONS: {
    message: "The process takes no more sessions.",
    why: "limits.sessions is reached, or the process is draining.",
    fix: "Nothing to do: clients come back by themselves. Raise the limit or add processes.",
  },
  VANGO_DRAINING: {
    message: "The process is going away.",
    why: "It drains: it was asked to stop, saves its sessions and takes no new ones.",
    fix: "Nothing to do: clients come back by themselves, each at its own moment, and find another process.",
  },
  VANGO_TRY_ELSEWHERE: {
    message: "This process does not know the page of a session.",
    why: "The session was saved by another build, most likely a newer one while a deploy is under way.",
    fix: "Nothing to do: the client tries other processes, and after five tries it gets a fresh session; the saved one stays.",
  },
  VANGO_TURN_LONG: {
    message: "A turn held the thread for long.",
    why: "Turns of all sessions share one thread. A handler that computes or blocks for more than limits.turnMs makes everybody wait.",
    fix: "Move the work into setup.action or setup.resource, or out of the process; make the handler do less.",
  },
  VANGO_TURN_VIOLATION: {
    message: "A turn held the thread for so long that others were stalled.",
    why: "It took more than limits.turnViolationMs. A session that does it twice, or whose long turns stall others by limits.turnStallMs together, is closed.",
    fix: "Move the work into setup.action or setup.resource and run it in a worker if it computes; blocking calls (readFileSync, execSync) have asynchronous forms.",
  },
  VANGO_SESSION_STORM: {
    message: "A session was ended because it started too much at a time.",
    why: "It spent one of its storm budgets, and the app was made with storms: \"breaker\". Its page is told and does not come back by itself; what is persisted is saved.",
    fix: "VANGO_BUDGET_EXCEEDED, reported just before, names the budget: find what starts so much. storms: \"throttle\" refuses what is over a budget and lets the session live.",
  },
  VANGO_TEST_PAGE: {
    message: "mount() got no page that it could join.",
    why: "The address answered with something else than a page of the app, or its join was refused.",
    fix: "See the status or the code in the message; ask app.fetch() where no page is expected.",
  },
  VANGO_TEST_ELEMENT: {
    message: "A locator found no element that this can be done with.",
    why: "Nothing matches at this moment, or what matches cannot be filled or submitted.",
    fix: "Compare with page.html(), which the message shows in part; wait with page.settled() for what is still loading.",
  },
  VANGO_TEST_LEFT: {
    message: "The browser would have left the page.",
    why: "A plain link was clicked or a form was submitted that no handler of the page takes: the browser loads another document.",
    fix: "Use <Link>, or on({ preventDefault: true }, …); mount the other address to test it.",
  },
  VANGO_TEST_UNSETTLED: {
    message: "The page does not settle.",
    why: "Loaders or actions are under way that wait for something which this test has not done.",
    fix: "Let the work that the message names finish, advance page.clock, or do not wait for page.settled().",
  },
  VANGO_INTERNAL: {
    message: "The request failed.",
    why: "An unexpected error was thrown while it was answered.",
    fix: "See the server's log.",
  },
} as const satisfies Record<`VANGO_${string}`, ErrorEntry>;

export type ServerErrorCode = keyof typeof SERVER_ERRORS;

/** Makes an error of the catalogue; `detail.message` is appended to the entry's message. */
export function serverError(
  code: ServerErrorCode,
  detail?: { readonly message?: string; readonly at?: string; readonly related?: string; readonly cause?: unknown },
): VangoError {
  return new VangoError(code, SERVER_ERRORS[code], detail);
}

/** Any thrown value as a VangoError, keeping one that is. */
export function asVangoError(error: unknown, code: ServerErrorCode = "VANGO_INTERNAL"): VangoError {
  if (error instanceof VangoError) return error;
  return serverError(code, { message: messageOf(error), cause: error });
}

/** Why listening failed, asked of the operating system: uWS itself only says that it did. */
export async function listenError(host: string, port: number): Promise<VangoError> {
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
  const at = `${host}:${port}`;
  if (code === undefined || code === "EADDRINUSE") return serverError("VANGO_PORT_TAKEN", { message: `${at} is in use.` });
  return serverError("VANGO_LISTEN_FAILED", { message: `${at}: ${code}.` });
}
