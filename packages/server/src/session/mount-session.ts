/**
 * Making a session: its persisted values are there before the mount, what the page loads is there before its first turn, the
 * app's hook has run. A session that cannot be made leaves nothing.
 */
import { ResultPool } from "@vango/core/internal";
import { asVangoError } from "../errors.js";
import { renderPage } from "../http/render-page.js";
import { navigate } from "../router/navigate.js";
import { RequestContext } from "../router/request-ctx.js";
import type { PageMatch } from "../router/resolve.js";
import type { AppCore, LiveSocket } from "../session-port.js";
import { browserTopics } from "../state/app-state.js";
import type { Restored } from "../state/keeper.js";
import { readOnly } from "../state/read-only.js";
import type { Results } from "./hand-over.js";
import type { Live } from "./live.js";
import { publicError } from "./public-error.js";
import { Session } from "./session.js";
import { socketRequest } from "./socket-request.js";

const DEFAULT_DEADLINE_MS = 1000;

/** A page that may be joined, after its middleware. */
export interface JoinPage {
  readonly match: PageMatch;
  readonly user: unknown;
  /** Where middleware has led. */
  readonly address: string;
}

/** Follows an address with the headers of the socket; undefined when there is no page for it. */
export async function pageFor(core: AppCore, socket: LiveSocket, href: string): Promise<JoinPage | undefined> {
  const to = await navigate(core.router, href, (at) => socketRequest(socket.data, at), await browserTopics(core, socket.data.browser));
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

/** What the page threw while it rendered, apart from failures of the join itself. */
export class PageThrew extends Error {
  constructor(readonly thrown: unknown) {
    super("the page threw");
  }
}

export interface MountOrder {
  readonly id: string;
  readonly epoch: number;
  readonly nonce: string;
  readonly page: JoinPage;
  readonly from: Restored | undefined;
  /** The results of the GET; undefined: load them, if the page needs any. */
  readonly results: Results | undefined;
  readonly needsResults: boolean;
}

/** @throws what the mount threw; a page that throws is mounted as its error page. */
export async function mountSession(live: Live, socket: LiveSocket, order: MountOrder): Promise<Session> {
  const { core } = live;
  const { page, results, needsResults } = order;
  try {
    return await mounted(live, socket, order, new ResultPool(results ?? (needsResults ? await load(core, page, order.from, socket.data.browser) : undefined)));
  } catch (error) {
    if (!(error instanceof PageThrew) || page.match.status === 500) throw error;
    // The page throws: its GET has shown the error page, so that is what is joined.
    const shown = publicError(core.dev, core.report(asVangoError(error.thrown, "VANGO_SSR_FAILED")));
    const failed = { ...page, match: await core.router.errorPage(page.match.path, page.match.query, shown) };
    return mounted(live, socket, { ...order, page: failed }, new ResultPool());
  }
}

/** Results of the page's resources when nobody handed them over: this process did not serve the GET, or too long ago. */
async function load(core: AppCore, { match, user }: JoinPage, from: Restored | undefined, id: string): Promise<Results | undefined> {
  try {
    const browser = await browserTopics(core, id);
    const deadlineMs = core.options.ssrDeadlineMs ?? DEFAULT_DEADLINE_MS;
    return (await renderPage({ match, user, deadlineMs, state: readOnly(core.state, from), globals: core.state.shared.globals, browser, onError: () => undefined })).results;
  } catch (error) {
    throw new PageThrew(error);
  }
}

async function mounted(live: Live, socket: LiveSocket, order: MountOrder, results: ResultPool): Promise<Session> {
  const { core } = live;
  const { id, epoch, nonce, from } = order;
  const { match, user, address } = order.page;
  const session = new Session(live, { id, epoch, nonce, connection: socket.data, match, user, results });
  try {
    // Under `before-ack` the state is also the gate of what leaves.
    if (from !== undefined || core.state.beforeAck) session.openState(from);
    session.loop.browser = await browserTopics(core, socket.data.browser);
    if (from === undefined) await startHook(core, session, new RequestContext(socketRequest(socket.data, address), match.props.params, session.loop.browser));
    else await resumeHook(core, session);
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
async function startHook({ options }: AppCore, session: Session, request: RequestContext): Promise<void> {
  const { onSessionStart } = options;
  if (onSessionStart !== undefined) await inTurn(session, () => onSessionStart(request, session.loop.ctx));
}

/** The app's `onSessionResume` threw: the page has to begin anew. */
export class ResumeDenied extends Error {
  constructor(readonly thrown: unknown) {
    super("onSessionResume threw");
  }
}

/** `onSessionResume` likewise. @throws ResumeDenied */
export async function resumeHook({ options }: AppCore, session: Session): Promise<void> {
  const { onSessionResume } = options;
  if (onSessionResume === undefined) return;
  try {
    await inTurn(session, () => onSessionResume(session.loop.ctx));
  } catch (error) {
    throw new ResumeDenied(error);
  }
}

async function inTurn(session: Session, hook: () => void | Promise<void>): Promise<void> {
  let running: void | Promise<void> = undefined;
  const failure = session.loop.turn(() => {
    running = hook();
  });
  if (failure !== undefined) throw failure;
  await running;
}
