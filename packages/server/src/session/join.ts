/**
 * JOIN: a document describes itself and gets a session that it shows (SPEC.md S20–S27). In this order: its own session, here and
 * live; that of the document before it in the tab; the record in the store; a fresh one. Everything that concerns one id happens
 * under the lock of that id.
 */
import { PROTOCOL_VERSION, type Boot, type JoinBody, type WelcomeHow } from "@vango/core/protocol";
import type { VangoError } from "@vango/core";
import { PersistError } from "@vango/persist";
import { diagnostics } from "../diagnostics.js";
import { serverError } from "../errors.js";
import { verifyBoot } from "../security/boot-signature.js";
import type { LiveSocket } from "../session-port.js";
import type { Found, Restored } from "../state/keeper.js";
import { hasState, NO_STATE } from "../state/read-values.js";
import { park, published } from "./ending.js";
import { greet } from "./greet.js";
import { endLogins, loginEnded, sameLogin } from "./logins.js";
import { idOf, newId } from "./identity.js";
import { refuse, type Live } from "./live.js";
import { mountSession, PageThrew, pageFor, ResumeDenied, resumeHook, type JoinPage } from "./mount-session.js";
import type { Session } from "./session.js";

/** So often a page is sent to another process before this one serves it a fresh session. */
export const MAX_TRIES = 5;
const ELSEWHERE_MS = 250;
/** Close code: the session has another socket now. */
const REPLACED = 4001;

/** A JOIN whose blob was verified. */
interface Joining {
  readonly socket: LiveSocket;
  readonly body: JoinBody;
  readonly boot: Boot;
  readonly page: JoinPage;
}

/** How a session is made for a JOIN. */
interface Plan {
  readonly id: string;
  readonly epoch: number;
  readonly how: WelcomeHow;
  readonly from?: Restored;
  readonly applied?: number;
  readonly reason: "join" | "restore" | "fresh" | "fork";
  readonly notice?: VangoError;
}

/** A record that another build has written and this one cannot read. */
type Unreadable = Extract<Found, { readonly meta: unknown }>;

/** Resolves when the socket has its session or was refused. Never rejects. */
export async function join(live: Live, socket: LiveSocket, body: JoinBody): Promise<void> {
  const { core, locks } = live;
  if (body.v !== PROTOCOL_VERSION) return refuse(socket, "VANGO_PROTOCOL_VERSION", "this page speaks another version of the protocol");
  if (live.draining) return refuse(socket, "VANGO_DRAINING", "the server is going away", ELSEWHERE_MS);
  const boot = verifyBoot(core.tokens, body.boot, socket.data.browser);
  if (boot === undefined || body.url.length > core.limits.targetBytes) {
    return refuse(socket, "VANGO_JOIN_BOOT", "the page was not signed for this browser by this app");
  }
  const id = idOf(body.tab);
  try {
    if (id === undefined) await begin(live, socket, body, boot);
    else await locks.run(id, () => find(live, socket, body, boot, id));
  } catch (error) {
    core.report(error instanceof PageThrew ? error.thrown : error);
    refuse(socket, "VANGO_JOIN_FAILED", "the page could not be mounted", 5000);
  }
}

/** A document without a former session. */
async function begin(live: Live, socket: LiveSocket, body: JoinBody, boot: Boot): Promise<void> {
  const page = await pageFor(live.core, socket, body.url === "" ? boot.p : body.url);
  if (page === undefined) return denied(socket);
  await make(live, { socket, body, boot, page }, { id: newId(), epoch: nextEpoch(body, 0), how: "new", reason: "join" });
}

/** The former session of the document or of its tab, wherever it is. */
async function find(live: Live, socket: LiveSocket, body: JoinBody, boot: Boot, id: string): Promise<void> {
  const { core, directory, keeper } = live;
  const { browser } = socket.data;
  const session = directory.get(id);
  const own = session !== undefined && session.connection.browser === browser ? session : undefined;
  const same = own !== undefined && own.nonce === body.nonce;
  // A page that was live is where its session is: its address bar may not have heard of the last navigation.
  const page = await pageFor(core, socket, same ? own.href : body.url === "" ? boot.p : body.url);
  if (page === undefined) return denied(socket);
  const joining: Joining = { socket, body, boot, page };
  if (own !== undefined && !own.loop.disposed) {
    if (core.login.principalOf(own.loop.user) !== core.login.principalOf(page.user)) {
      endLogins(live, core.login.principalOf(own.loop.user), browser, own);
      if (same) leave(live, own, socket, "principal");
      return fresh(live, joining);
    }
    if (!(await sameLogin(live, own, page.user))) {
      if (same) leave(live, own, socket, "login");
      return loginEnded(socket);
    }
    if (same) {
      return orFresh(live, joining, reconcile(live, joining, own), () => leave(live, own, socket, "denied"));
    }
    return orFresh(live, joining, own.attached && body.left !== own.nonce ? fork(live, joining, own) : takeOver(live, joining, own));
  }
  // Not here, or not this browser's: what another process holds, or the store.
  if (session !== undefined) return fresh(live, joining);
  // Under `vango dev` there is no other process: what was typed a moment ago looks newer to every restart.
  const tries = core.options.dev === true ? MAX_TRIES : (body.tries ?? 0);
  if (page.match.status === 404 && tries < MAX_TRIES) {
    const found = await keeper.peek(id, browser);
    if (!("meta" in found) && found.kind !== "restored") return fresh(live, joining);
    const meta = found.kind === "restored" ? found.from.meta : found.meta;
    if (meta.build !== core.router.buildId) return elsewhere(socket, tries, "another process knows this page");
  } else if (page.match.status === 404 && body.tries !== undefined) return fresh(live, joining);
  const found = await keeper.claim(id, browser, core.login.principalOf(page.user));
  switch (found.kind) {
    case "none":
      return fresh(live, joining);
    case "unreadable":
      return fresh(live, joining, new PersistError("codec", {}, "VANGO_PERSIST_BLOB"));
    case "newer":
      stateDiffers(found, id);
      if (tries < MAX_TRIES) return elsewhere(socket, tries, "another process can read what this page has saved");
      return fresh(live, joining, core.report(stateIsCold(found), id));
    case "cold":
      stateDiffers(found, id);
      return fresh(live, joining, core.report(stateIsCold(found), id));
    case "restored":
      break;
  }
  const { from } = found;
  const applied = from.meta.nonce === body.nonce && from.meta.epoch === body.epoch ? from.meta.applied : 0;
  return orFresh(live, joining, make(live, joining, { id, epoch: nextEpoch(body, from.meta.epoch), how: "restored", from, applied, reason: "restore" }));
}

/** The app may say no to a page that comes back: then it begins anew. */
async function orFresh(live: Live, joining: Joining, work: Promise<void>, denied?: () => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ResumeDenied)) throw error;
    live.core.report(error.thrown);
    denied?.();
    await fresh(live, joining);
  }
}

/** (b) The session is here and so is its document, but it has missed too much, or an epoch. */
async function reconcile(live: Live, { socket, body, boot, page }: Joining, session: Session): Promise<void> {
  await resumeHook(live.core, session);
  if (gone(socket) || session.loop.disposed) return;
  session.become(page.user);
  const { former, delivery } = session;
  const { ip } = session.connection;
  const sameEpoch = body.epoch === session.epoch && body.now?.i !== undefined;
  let applied: number | undefined;
  if (!sameEpoch) {
    session.tellRefused();
    applied = body.epoch === former?.epoch ? former?.applied : body.epoch === session.epoch ? delivery.handled : 0;
    session.former = body.epoch === undefined ? undefined : { epoch: body.epoch, applied: applied ?? 0 };
    session.epoch = nextEpoch(body, session.epoch);
    delivery.renumber();
  }
  const moved = page.address === session.href ? undefined : page;
  greet(session, socket, { boot, body, how: sameEpoch ? "reconciled" : "restored", ...(applied === undefined ? {} : { applied }) });
  live.directory.attached(session, ip);
  // Middleware leads elsewhere now.
  if (moved !== undefined) session.loop.post(() => session.moveTo(moved.match, moved.user, moved.address));
  published(session, "resume", sameEpoch ? "reconciled" : "restored");
}

/** The document goes on as somebody else: the session ends, saved for who it belongs to. */
function leave(live: Live, session: Session, socket: LiveSocket, reason: string): void {
  const before = session.socket;
  session.detach();
  if (before === socket) socket.data.session = "joining";
  else before?.close(REPLACED, "replaced");
  void park(live, session, reason);
}

/** The tab was duplicated: a copy of what is persisted, under a new id. */
function fork(live: Live, joining: Joining, owner: Session): Promise<void> {
  const from = live.keeper.fork(owner.state ?? NO_STATE);
  return make(live, joining, { id: newId(), epoch: nextEpoch(joining.body, 0), how: "restored", from, reason: "fork" });
}

/** The document before this one has left (F5), or nobody speaks for the session any more: its state goes on in this document. */
async function takeOver(live: Live, joining: Joining, former: Session): Promise<void> {
  const { keeper, directory } = live;
  const { socket, body } = joining;
  former.pause();
  let from: Restored | undefined;
  try {
    await former.state?.release();
    const found = await keeper.claim(former.id, socket.data.browser, live.core.login.principalOf(former.loop.user));
    if (found.kind === "restored") from = found.from;
  } catch (error) {
    // The store is away.
    live.core.report(error, former.id);
  }
  // What cannot be had from the store is still here.
  if (from === undefined && former.state !== undefined && hasState(former.state)) from = { ...keeper.fork(former.state), meta: former.recordMeta() };
  const before = former.socket;
  former.detach();
  directory.remove(former);
  former.dispose();
  before?.close(REPLACED, "another document has this session");
  await make(live, joining, { id: former.id, epoch: nextEpoch(body, former.epoch), how: "restored", ...(from === undefined ? {} : { from }), reason: "restore" });
}

/** (d) Nothing of the former session can be had: a session under a new id, in place. `notice`: what the page is told of it. */
function fresh(live: Live, joining: Joining, notice?: VangoError): Promise<void> {
  return make(live, joining, { id: newId(), epoch: nextEpoch(joining.body, 0), how: "fresh", reason: "fresh", ...(notice === undefined ? {} : { notice }) });
}

/** Each time the page waits a little longer. */
function elsewhere(socket: LiveSocket, tries: number, reason: string): undefined {
  return refuse(socket, "VANGO_TRY_ELSEWHERE", reason, ELSEWHERE_MS * (tries + 1));
}

function stateDiffers({ kind, keys }: Unreadable, id: string): void {
  if (diagnostics.state.watched) diagnostics.state.publish({ kind, session: id, key: keys[0] ?? "" });
}

function stateIsCold({ kind, keys, meta }: Unreadable): VangoError {
  const who = kind === "newer" ? "a newer version" : "an earlier version";
  return serverError("VANGO_STATE_COLD", { message: `It is of ${who} (build ${JSON.stringify(meta.build)}). Keys: ${keys.map((key) => JSON.stringify(key)).join(", ")}.` });
}

async function make(live: Live, { socket, body, boot, page }: Joining, plan: Plan): Promise<void> {
  const { core, directory } = live;
  if (core.login.ended(core.login.endOf(page.user))) return loginEnded(socket);
  const { ip } = socket.data;
  if (gone(socket)) return;
  const full = directory.reserve(ip);
  if (full === "sessionsPerIp") return refuse(socket, "VANGO_LIMIT_IP", "too many pages from this address");
  if (full === "sessions") return refuse(socket, "VANGO_LIMIT_SESSIONS", "the server is full", 10_000);
  let session: Session | undefined;
  try {
    const href = body.url === "" ? boot.p : body.url;
    session = await mountSession(live, socket, {
      id: plan.id,
      epoch: plan.epoch,
      nonce: body.nonce,
      page,
      from: plan.from,
      results: live.results.take(boot.n),
      needsResults: boot.r === 1 || body.now !== undefined || href !== boot.p,
    });
    if (live.draining) {
      await session.state?.release();
      session.dispose();
      return refuse(socket, "VANGO_DRAINING", "the server is going away", ELSEWHERE_MS);
    }
    if (plan.applied !== undefined && body.epoch !== undefined) session.former = { epoch: body.epoch, applied: plan.applied };
    directory.add(session);
    if (gone(socket)) {
      // The socket was closed while the page was loading. A state that was taken over waits for its document; nobody knows of a new one.
      if (plan.from !== undefined && plan.reason === "restore") return keepWaiting(live, session);
      directory.remove(session);
      session.dispose();
      return;
    }
    // Only middleware of later navigations and resumes reads the headers again.
    if (!core.options.routes.routes.some((route) => (route.middleware?.length ?? 0) > 0)) socket.data.headers = undefined;
    if (diagnostics.session.watched) {
      const shown = body.now === undefined ? body.boot : JSON.stringify(body.now);
      diagnostics.session.publish({ kind: plan.reason, session: session.id, path: session.page.path, ip, tab: body.tab, boot: shown, how: plan.how });
    }
    if (plan.notice !== undefined) session.notice(plan.notice);
    greet(session, socket, { boot, body, how: plan.how, ...(plan.applied === undefined ? {} : { applied: plan.applied }), ...(page.address === href ? {} : { moved: page.address }) });
    session.loop.start();
  } catch (error) {
    if (session !== undefined) {
      directory.remove(session);
      session.detach();
      session.dispose();
      published(session, "close", "failed");
    }
    throw error;
  } finally {
    directory.unreserve(ip);
  }
}

function keepWaiting(live: Live, session: Session): void {
  session.loop.start();
  live.directory.wait(session);
}

/** Closed, or taken from its session: nobody hears what is sent. */
const gone = (socket: LiveSocket): boolean => socket.data.session === undefined;

/** Above every epoch that the document or the record has seen: an event of a former mount never fits this one. */
function nextEpoch(body: JoinBody, known: number): number {
  return Math.max(known, Math.min(body.epoch ?? 0, MAX_EPOCH)) + 1;
}

/** A client cannot push the number out of the range of a varint. */
const MAX_EPOCH = 2 ** 40;

function denied(socket: LiveSocket): undefined {
  return refuse(socket, "VANGO_JOIN_DENIED", "this address is not open to you");
}
