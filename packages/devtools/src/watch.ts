// From the server's diagnostics to the log. Listens to `vango:session` and `vango:frame`; a message that cannot
// be read is skipped: watching never disturbs what is watched.
import { ClientKind, decodeClient } from "@vango/core/protocol";
import { diagnostics, type FrameMessage, type SessionMessage } from "@vango/server";
import type { SessionLog } from "./session-log.js";

/** Follows all sessions of this process; the result ends it. */
export function watch(log: SessionLog): () => void {
  const stops = [
    diagnostics.session.subscribe((message: SessionMessage) => {
      const { kind, session, path, tab, boot } = message;
      if (kind === "join" || kind === "restore" || kind === "fresh" || kind === "fork") {
        log.joined({ id: session, tab: tab === undefined || tab === "" ? session : tab, route: pathOf(path ?? "/"), ...(boot === undefined ? {} : { boot }) });
      } else if (kind === "park" || kind === "evict" || kind === "close") log.closed(session);
    }),
    diagnostics.frame.subscribe(({ session, direction, data }: FrameMessage) => {
      if (direction === "down") log.frame(session, data);
      else up(log, session, data);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function up(log: SessionLog, session: string, data: Uint8Array): void {
  if (data[0] !== ClientKind.EVENT && data[0] !== ClientKind.NAV) return;
  const message = readClient(data);
  if (message?.kind === ClientKind.EVENT) log.event(session, message.instance, message.slot);
  else if (message?.kind === ClientKind.NAV) log.navigated(session, pathOf(message.href));
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
