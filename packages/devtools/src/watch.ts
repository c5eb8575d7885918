// From the server's diagnostics to the log. Listens to `vango:session`, `vango:frame` and `vango:turn`; a message that
// cannot be read is skipped: watching never disturbs what is watched.
import { ClientKind, decodeClient } from "@vango/core/protocol";
import { diagnostics, type FrameMessage, type SessionMessage, type TurnMessage } from "@vango/server";
import type { SessionLog } from "./session-log.js";

/** Follows all sessions of this process; the result ends it. */
export function watch(log: SessionLog): () => void {
  /** What JOIN said, until the session's join is reported; by session, "" before it has an id. */
  const joins = new Map<string, { readonly tab: string; readonly boot: string; readonly url: string }>();

  const up = ({ session, data }: FrameMessage): void => {
    const kind = data[0];
    if (kind !== ClientKind.JOIN && kind !== ClientKind.NAV) return;
    const message = readClient(data);
    if (message?.kind === ClientKind.JOIN) {
      const { tab, boot, url } = message.body;
      joins.set(session, { tab, boot, url });
      if (session !== "") joined(session, undefined);
    } else if (message?.kind === ClientKind.NAV) log.navigated(session, pathOf(message.href));
  };
  const joined = (session: string, path: string | undefined): void => {
    const join = joins.get(session) ?? joins.get("");
    joins.delete(session);
    joins.delete("");
    if (join === undefined && path === undefined) return;
    log.joined({
      id: session,
      tab: join === undefined || join.tab === "" ? session : join.tab,
      route: pathOf(path ?? join?.url ?? "/"),
      ...(join === undefined ? {} : { boot: join.boot }),
    });
  };

  const stops = [
    diagnostics.session.subscribe((message: SessionMessage) => {
      if (message.kind === "join" || message.kind === "resume") joined(message.session, message.path);
      else if (message.kind === "detach" || message.kind === "close") log.closed(message.session);
    }),
    diagnostics.frame.subscribe((message: FrameMessage) => {
      if (message.direction === "up") up(message);
      else log.frame(message.session, message.data);
    }),
    diagnostics.turn.subscribe((message: TurnMessage) => {
      if (message.kind === "event") log.event(message.session, message.name ?? "event");
      else if (message.kind === "navigation") log.event(message.session, "navigation");
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function readClient(data: Uint8Array): ReturnType<typeof decodeClient> | undefined {
  try {
    return decodeClient(data);
  } catch {
    return undefined;
  }
}

/** Path without query and fragment. */
function pathOf(href: string): string {
  return href.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/s, "") || "/";
}
