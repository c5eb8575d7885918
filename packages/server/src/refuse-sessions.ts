/**
 * The session port of an app that serves pages alone: every socket is told to come back later and closed.
 */
import { encodeRefuse } from "@vango/core/protocol";
import type { SessionPort } from "./session-port.js";

/** Close code "try again later". */
const TRY_LATER = 1013;

export function refuseSessions(): SessionPort {
  return {
    open(socket) {
      socket.send(encodeRefuse({ code: "VANGO_NO_SESSIONS", reason: "no live sessions here", retry: 60_000 }));
      socket.close(TRY_LATER, "no live sessions here");
    },
    message: () => undefined,
    drained: () => undefined,
    closed: () => undefined,
    handOver: () => undefined,
    drain: () => Promise.resolve(),
  };
}
