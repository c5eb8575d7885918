/**
 * The join of a page: from a JOIN message to a mounted session whose client shows what the server has. The address is
 * resolved again, with its middleware; what the GET loaded is taken over or loaded before the mount.
 */
import { randomBytes } from "node:crypto";
import { hashTree, KnownTemplates, parseStructure, ResultPool, sharedWriter, syncTree } from "@vango/core/internal";
import { encodeRefuse, encodeWelcome, PROTOCOL_VERSION, type Boot, type JoinBody, type JoinNow } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import { asVangoError, type ServerErrorCode } from "../errors.js";
import { renderPage } from "../http/render-page.js";
import { navigate, type Navigation } from "../router/navigate.js";
import { RequestContext } from "../router/request-ctx.js";
import type { PageMatch } from "../router/resolve.js";
import { verifyBoot } from "../security/boot-signature.js";
import type { AppCore, LiveSocket } from "../session-port.js";
import type { HandOver, Results } from "./hand-over.js";
import { publicError } from "./public-error.js";
import { Session } from "./session.js";
import { socketRequest } from "./socket-request.js";

const DEFAULT_DEADLINE_MS = 1000;

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
    core.report(error instanceof PageThrew ? error.thrown : error);
    refuse(socket, "VANGO_JOIN_FAILED", "the page could not be mounted", 5000);
    return undefined;
  }
}

async function mountJoin(core: AppCore, handOver: HandOver, socket: LiveSocket, body: JoinBody, boot: Boot): Promise<Session | undefined> {
  const href = body.url === "" ? boot.p : body.url;
  const to = await navigate(core.router, href, (at) => socketRequest(socket, at));
  const page = await pageOf(core, href, to);
  if (page === undefined) {
    refuse(socket, "VANGO_JOIN_DENIED", "this address is not open to you");
    return undefined;
  }
  const { match, address } = page;
  const { now } = body;
  const id = randomBytes(12).toString("base64url");
  let session: Session;
  try {
    const results = handOver.take(boot.n) ?? (await lacking(core, page, boot.r === 1 || now !== undefined || href !== boot.p));
    session = await mounted(core, socket, id, page, new ResultPool(results));
  } catch (error) {
    if (!(error instanceof PageThrew) || match.status === 500) throw error;
    // The page throws: its GET has shown the error page, so that is what is joined.
    const shown = publicError(core.dev, asVangoError(core.report(error.thrown), "VANGO_SSR_FAILED"));
    const failed = { ...page, match: await core.router.errorPage(match.path, match.query, shown) };
    session = await mounted(core, socket, id, failed, new ResultPool());
  }
  try {
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

/** What the page threw while it rendered, apart from failures of the join itself. */
class PageThrew extends Error {
  constructor(readonly thrown: unknown) {
    super("the page threw");
  }
}

/** Results of the page's resources when nobody handed them over: this process did not serve the GET, or too long ago. */
async function lacking(core: AppCore, { match, user }: JoinPage, needed: boolean): Promise<Results | undefined> {
  if (!needed) return undefined;
  try {
    return (await renderPage({ match, user, deadlineMs: core.options.ssrDeadlineMs ?? DEFAULT_DEADLINE_MS, onError: () => undefined })).results;
  } catch (error) {
    throw new PageThrew(error);
  }
}

async function mounted(core: AppCore, socket: LiveSocket, id: string, page: JoinPage, results: ResultPool): Promise<Session> {
  const { match, user, address } = page;
  const session = new Session(core, socket, id, match, user, results);
  try {
    await startOf(core, session, new RequestContext(socketRequest(socket, address), match.props.params));
    try {
      session.mount();
    } catch (error) {
      throw new PageThrew(error);
    }
    return session;
  } catch (error) {
    session.dispose();
    throw error;
  }
}

/** `onSessionStart` begins inside a turn, so that it may write the session's state until its first await. */
async function startOf({ options }: AppCore, session: Session, request: RequestContext): Promise<void> {
  const { onSessionStart } = options;
  if (onSessionStart === undefined) return;
  let started: void | Promise<void> = undefined;
  const failure = session.loop.turn(() => {
    started = onSessionStart(request, session.loop.ctx);
  });
  if (failure !== undefined) throw failure;
  await started;
}

/** WELCOME, and the frame that brings the client to the server's state where it differs. */
function greet(session: Session, boot: Boot, now: JoinNow | undefined, moved: string | undefined): void {
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
  socket.send(encodeWelcome({ sid: id, epoch, how: "new", sync: differs }));
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
      return { match: await core.router.errorPage(path, query, publicError(core.dev, error)), user: undefined, address: href };
    }
  }
}

