/**
 * How sessions end: parked (saved for whoever asks for them again), released (for another process), or simply over. Invariant:
 * what is persisted is saved before the tree goes; no turn runs in between.
 */
import { diagnostics } from "../diagnostics.js";
import { serverError, type ServerErrorCode } from "../errors.js";
import { refuse, type Live } from "./live.js";
import { hasState } from "../state/read-values.js";
import { sendAway } from "./send-away.js";
import type { Session } from "./session.js";

const PROTOCOL_ERROR = 1002;
const POLICY = 1008;

/** Saves a detached session and ends it. Until it is saved nobody else may ask for it: the lock of its id is held. */
export function park(live: Live, session: Session, reason: string): Promise<void> {
  const { directory, locks, core } = live;
  return locks.run(session.id, async () => {
    if (session.loop.disposed) return;
    if (session.attached) {
      // Its page was faster. It may have been heard since, so only what has to end is paused before the lock is held.
      if (!session.paused) return;
      session.socket?.close(POLICY, reason);
      session.detach();
    }
    session.pause();
    try {
      await session.openState().park();
    } catch (error) {
      core.report(error, session.id);
      if (reason === "expired" && session.state !== undefined && hasState(session.state)) {
        // Nothing is lost while there is room: it waits on, and the store is asked again.
        session.unpause();
        directory.wait(session);
        return;
      }
    }
    directory.remove(session);
    session.dispose();
    published(session, reason === "evicted" ? "evict" : "park", reason);
  });
}

/** Ends a session at once, without saving: another process has it, or it broke a limit. */
export function end(live: Live, session: Session, reason: string, code: number): void {
  live.directory.remove(session);
  const { socket } = session;
  session.detach();
  session.dispose();
  published(session, "close", reason);
  socket?.close(code, reason);
}

/** A turn of the session was too long (SPEC.md F5, F6). */
export function overran(live: Live, session: Session, verdict: "long" | "violation" | "close", ms: number): void {
  const took = `It took ${Math.round(ms)} ms.`;
  live.core.report(serverError(verdict === "long" ? "VANGO_TURN_LONG" : "VANGO_TURN_VIOLATION", { message: verdict === "close" ? `${took} The session is closed.` : took }), session.id);
  // Not inside its turn: what it has sent leaves first.
  if (verdict === "close") expel(live, session, "VANGO_TURN_VIOLATION", "a turn held the thread for too long");
}

/** The session spent a storm budget and the app's `storms` is "breaker". */
export function stormed(live: Live, session: Session): void {
  live.core.report(serverError("VANGO_SESSION_STORM"), session.id);
  expel(live, session, "VANGO_SESSION_STORM", "the session started too much at a time");
}

/** A turn that had waited threw what no turn may throw. */
export function broke(live: Live, session: Session, error: unknown): void {
  live.core.report(error, session.id);
  session.socket?.close(PROTOCOL_ERROR, "malformed message");
}

/** Ends a session that exceeds a limit: its page is told and does not come back by itself; what is persisted is saved. */
export function expel(live: Live, session: Session, code: ServerErrorCode, reason: string): void {
  const { socket } = session;
  session.detach();
  if (socket !== undefined) refuse(socket, code, reason);
  session.pause();
  void park(live, session, "expelled");
}

/** Saves all, tells each client its own time to come back, closes. Resolves within `drainMs`. */
export async function drain(live: Live): Promise<void> {
  const { core, directory } = live;
  const all = directory.all();
  directory.stop();
  let timer: unknown;
  const late = new Promise<void>((resolve) => (timer = core.clock.setTimer(core.limits.drainMs, resolve)));
  const saved = Promise.all(
    all.map(async (session) => {
      session.pause();
      try {
        await session.openState().park();
      } catch (error) {
        core.report(error, session.id);
      }
    }),
  );
  await Promise.race([saved.then(() => live.keeper.close()), late]);
  core.clock.clearTimer(timer);
  const sockets = all.flatMap(({ socket }) => (socket === undefined ? [] : [socket]));
  for (const session of all) {
    directory.remove(session);
    session.detach();
    session.dispose();
    published(session, "close", "drain");
  }
  sendAway(sockets);
}

/** `text`: of a resume what the page was told, else the reason. */
export function published(session: Session, kind: "park" | "evict" | "close" | "detach" | "resume", text: string): void {
  if (!diagnostics.session.watched) return;
  diagnostics.session.publish({ kind, session: session.id, ip: session.connection.ip, ...(kind === "resume" ? { how: text } : { reason: text }) });
}
