/**
 * Logins of sessions: whether who comes back is who left, and what becomes of the other pages of somebody whose login has ended.
 * The framework never decides about a login: it asks middleware again, with the cookies that the browser has then.
 */
import type { LiveSocket } from "../session-port.js";
import { refuse, type Live } from "./live.js";
import type { Session } from "./session.js";

/** Same person, and the login has neither run out nor been ended. */
export async function sameLogin({ core: { login } }: Live, session: Session, user: unknown): Promise<boolean> {
  if (login.principalOf(user) !== login.principalOf(session.loop.user) || login.ended(login.endOf(user))) return false;
  // Middleware may know nothing of a login that `verify` has refused.
  return session.loginEnds !== 0 || login.holds(user, 0);
}

/** Lets the pages of a person come again: of one browser, or of all; not `except`. Gives their number. */
export function endLogins({ core, directory }: Live, principal: string, browser: string | undefined, except: Session | undefined): number {
  if (principal === "") return 0;
  let ended = 0;
  for (const session of directory.all()) {
    if (session === except || (browser !== undefined && session.connection.browser !== browser) || core.login.principalOf(session.loop.user) !== principal) continue;
    session.endLogin();
    ended++;
  }
  return ended;
}

export function loginEnded(socket: LiveSocket): undefined {
  return refuse(socket, "VANGO_AUTH_EXPIRED", "the login has ended");
}

/** Verifies live sessions every `auth.verifyEveryMs`, each once at a time. The result stops it. */
export function watchLogins({ core, directory }: Live): () => void {
  const every = core.login.verifyEveryMs;
  if (every <= 0) return () => undefined;
  const asking = new Set<Session>();
  let timer: unknown;
  const round = (): void => {
    timer = core.clock.setTimer(every, round);
    for (const session of directory.all()) {
      if (asking.has(session) || !session.attached || session.loop.user === undefined || session.loginEnds === 0) continue;
      asking.add(session);
      const asked = session.revalidate().finally(() => asking.delete(session));
      core.onWork?.("auth.verify", asked);
    }
  };
  timer = core.clock.setTimer(every, round);
  return () => core.clock.clearTimer(timer);
}
