/**
 * The join of a page: from a JOIN message to a mounted session whose client shows what the server has. The address is
 * resolved again, with its middleware; what the GET loaded is taken over or loaded before the mount.
 */
import { randomBytes } from "node:crypto";
import { hashTree, KnownTemplates, parseStructure, ResultPool, sharedWriter, syncTree } from "@vango/core/internal";
import { encodeRefuse, encodeWelcome, PROTOCOL_VERSION, type Boot, type JoinBody } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import { asVangoError, type ServerErrorCode } from "../errors.js";
import { renderPage } from "../http/render-page.js";
import { navigate, type Navigation } from "../router/navigate.js";
import { RequestContext } from "../router/request-ctx.js";
import type { PageMatch } from "../router/resolve.js";
import { verifyBoot } from "../security/boot-signature.js";
import type { AppCore, LiveSocket } from "../session-port.js";
import type { HandOver } from "./hand-over.js";
import { Session } from "./session.js";

const DEFAULT_DEADLINE_MS = 1000;

/** What a client says its page looks like now, when it has been patched since the GET. */
interface NowStructure {
  readonly t: readonly string[];
  readonly s: readonly number[];
}

/** Says no and closes. `retry` in ms; negative: do not come back. */
export function refuse(socket: LiveSocket, code: ServerErrorCode | "VANGO_PROTOCOL_VERSION", reason: string, retry = -1): void {
  if (diagnostics.session.watched) diagnostics.session.publish({ kind: "refuse", session: "", ip: socket.data.ip, reason: code });
  socket.send(encodeRefuse({ code, reason, retry }));
  socket.close(1008, code);
}

/** Resolves with the session, or with undefined when the join was refused. Never rejects. */
export async function join(core: AppCore, handOver: HandOver, socket: LiveSocket, body: JoinBody): Promise<Session | undefined> {
  if (body.v !== PROTOCOL_VERSION) {
    refuse(socket, "VANGO_PROTOCOL_VERSION", "this page speaks another version of the protocol");
    return undefined;
  }
  const boot = verifyBoot(core.tokens, body.boot, socket.data.browser);
  if (boot === undefined || body.url.length > core.limits.targetBytes) {
    refuse(socket, "VANGO_JOIN_BOOT", "the page was not signed for this browser by this app");
    return undefined;
  }
  try {
    return await mountJoin(core, handOver, socket, body, boot);
  } catch (error) {
    core.report(error);
    refuse(socket, "VANGO_JOIN_FAILED", "the page could not be mounted", 5000);
    return undefined;
  }
}

async function mountJoin(core: AppCore, handOver: HandOver, socket: LiveSocket, body: JoinBody, boot: Boot): Promise<Session | undefined> {
  const href = body.url === "" ? boot.p : body.url;
  const to = await navigate(core.router, href, (at) => requestOf(socket, at));
  const page = await pageOf(core, href, to);
  if (page === undefined) {
    refuse(socket, "VANGO_JOIN_DENIED", "this address is not open to you");
    return undefined;
  }
  const { match, user, address } = page;
  const { onSessionStart } = core.options;
  const now = nowOf(body);
  let results = handOver.take(boot.n);
  if (results === undefined && (boot.r === 1 || now !== undefined || href !== boot.p)) {
    // This process did not serve the GET, or too long ago, or the page has moved on since: load as a GET does, then mount that.
    results = (await renderPage({ match, user, deadlineMs: core.options.ssrDeadlineMs ?? DEFAULT_DEADLINE_MS, onError: () => undefined })).results;
  }
  const session = new Session(core, socket, randomBytes(12).toString("base64url"), match, user, new ResultPool(results));
  try {
    await onSessionStart?.(new RequestContext(requestOf(socket, address), match.props.params), session.loop.ctx);
    session.mount();
    // Only middleware of later navigations reads the headers again.
    if (!core.options.routes.routes.some((route) => (route.middleware?.length ?? 0) > 0)) socket.data.headers = undefined;
    if (diagnostics.session.watched) {
      const shown = now === undefined ? body.boot : JSON.stringify(now);
      diagnostics.session.publish({ kind: "join", session: session.id, path: session.route().path, ip: socket.data.ip, tab: body.tab, boot: shown });
    }
    greet(session, boot, now, address === href ? undefined : address);
    return session;
  } catch (error) {
    session.dispose();
    throw error;
  }
}

/** WELCOME, and the frame that brings the client to the server's state where it differs. */
function greet(session: Session, boot: Boot, now: NowStructure | undefined, moved: string | undefined): void {
  const { loop, socket, id, epoch } = session;
  const root = loop.root;
  if (root === undefined) return;
  const theirs = now === undefined ? boot.h : [];
  const mine = hashTree(root);
  const { t, s } = now ?? boot;
  const structure = parseStructure(t, s);
  loop.known = new KnownTemplates(structure.templates);
  const same = now === undefined && mine.length === theirs.length && mine.every((h, i) => h === theirs[i]);
  if (!same) {
    loop.nextId = Math.max(loop.nextId, structure.nextId);
    const mark = sharedWriter.mark();
    try {
      syncTree(root, structure.contents, theirs, loop);
    } catch (error) {
      // The writer is every session's: nothing of this frame may stay in it.
      sharedWriter.rewind(mark);
      throw error;
    }
  }
  const differs = !sharedWriter.empty;
  socket.send(encodeWelcome({ sid: id, epoch, sync: differs }));
  if (differs) session.sendFrame(loop, sharedWriter);
  loop.start();
  if (moved !== undefined) loop.post(() => loop.url(moved, 1, false));
}

interface JoinPage {
  readonly match: PageMatch;
  readonly user: unknown;
  readonly address: string;
}

async function pageOf(core: AppCore, href: string, to: Navigation): Promise<JoinPage | undefined> {
  switch (to.kind) {
    case "page":
      return { match: to.page, user: to.user, address: to.href };
    case "leave":
      return undefined;
    case "error": {
      const error = asVangoError(core.report(to.error));
      const [path = "/", query = ""] = href.split("?");
      const shown = { code: error.code, message: core.dev ? error.message : "The page could not be shown. Please try again." };
      return { match: await core.router.errorPage(path, query, shown), user: undefined, address: href };
    }
  }
}

function requestOf(socket: LiveSocket, href: string): Request {
  const { origin, headers } = socket.data;
  return new Request(new URL(href, origin === "" ? "http://localhost" : origin), {
    headers: (headers ?? []).map(([name, value]) => [name, value] as [string, string]),
  });
}

function nowOf(body: JoinBody): NowStructure | undefined {
  const now = body["now"] as Partial<NowStructure> | undefined;
  if (now === undefined || now === null) return undefined;
  const { t, s } = now;
  const valid = Array.isArray(t) && t.length % 2 === 0 && Array.isArray(s) && t.every((x) => typeof x === "string") && s.every((x) => Number.isSafeInteger(x) && x >= 0);
  if (!valid) throw asVangoError(new TypeError("the structure of the page is malformed"));
  return { t, s };
}

