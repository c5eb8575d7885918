/**
 * RESUME: the same document comes back to its session and gets what it missed (design (a)). Whatever does not fit is answered by
 * AGAIN: the document describes itself and join.ts decides. Without middleware and hook nothing is awaited.
 */
import { encodeResumed, PROTOCOL_VERSION, type ResumeMessage } from "@vango/core/protocol";
import type { LiveSocket } from "../session-port.js";
import { sameLogin } from "./logins.js";
import { idOf } from "./identity.js";
import { refuse, type Live } from "./live.js";
import { pageFor, ResumeDenied, resumeHook } from "./mount-session.js";
import { published } from "./ending.js";
import type { Session } from "./session.js";

/** True: the socket has its session. False: the document has to describe itself. Undefined: refused. */
export type Resumed = boolean | undefined;

export function resume(live: Live, socket: LiveSocket, message: ResumeMessage): Resumed | Promise<Resumed> {
  if (message.v !== PROTOCOL_VERSION) return refuse(socket, "VANGO_PROTOCOL_VERSION", "this page speaks another version of the protocol");
  const id = idOf(message.sid);
  if (id === undefined) return false;
  if (live.locks.held(id)) return live.locks.run(id, async () => (await resumeNow(live, socket, id, message))());
  const now = resumeNow(live, socket, id, message);
  return now instanceof Promise ? live.locks.run(id, async () => (await now)()) : now();
}

/** Decides, and gives what is to be done: what was awaited for it may have changed the session. */
function resumeNow(live: Live, socket: LiveSocket, id: string, message: ResumeMessage): (() => Resumed) | Promise<() => Resumed> {
  const session = ownSession(live, socket, id, message.nonce);
  const fits = (): boolean => session !== undefined && !session.loop.disposed && message.epoch === session.epoch && session.delivery.continues(message.received, message.sent);
  if (session === undefined || !fits()) return no;
  const go = (): Resumed => (fits() && socket.data.session !== undefined ? replay(live, session, socket, message) : false);
  const admitted = admitResume(live, session, socket);
  return admitted === true ? go : admitted.then((yes) => (yes ? go : no));
}

const no = (): false => false;

function replay(live: Live, session: Session, socket: LiveSocket, { received }: ResumeMessage): true {
  const { ip } = session.connection;
  session.attach(socket);
  live.directory.attached(session, ip);
  const { delivery } = session;
  const go = (): void => {
    if (session.socket !== socket) return;
    socket.cork(() => {
      socket.send(encodeResumed(delivery.received, delivery.sent));
      delivery.replay(received);
    });
  };
  if (delivery.gate?.holding === true) delivery.gate.hold(go);
  else go();
  published(session, "resume", "replayed");
  return true;
}

/** The session of this browser and document, if it is here. */
export function ownSession(live: Live, socket: LiveSocket, id: string, nonce: string): Session | undefined {
  const session = live.directory.get(id);
  return session !== undefined && session.connection.browser === socket.data.browser && session.nonce === nonce ? session : undefined;
}

/**
 * Whether the page may have its session back: middleware of its address runs with the headers of the new socket, and the user
 * it finds has to be the session's; then the app's hook. True at once where there is neither.
 */
export function admitResume(live: Live, session: Session, socket: LiveSocket): true | Promise<boolean> {
  const { core } = live;
  if (session.page.middleware.length === 0 && core.options.onSessionResume === undefined) return true;
  return (async () => {
    const page = await pageFor(core, socket, session.href);
    if (page === undefined || !(await sameLogin(live, session, page.user))) return false;
    session.become(page.user);
    await resumeHook(core, session);
    return true;
  })().catch((error: unknown) => {
    core.report(error instanceof ResumeDenied ? error.thrown : error, session.id);
    return false;
  });
}
