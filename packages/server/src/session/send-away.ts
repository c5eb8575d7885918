/**
 * Closes sockets of a process that goes away: each is told its own time to come back, so that they do not come all at once.
 */
import { encodeRefuse } from "@vango/core/protocol";
import type { LiveSocket } from "../session-port.js";

const GOING_AWAY = 1001;
/** Clients come back within this time, each at its own moment, ms. */
const FIRST_MS = 500;
const SPREAD_MS = 5000;

export function sendAway(sockets: readonly LiveSocket[]): void {
  sockets.forEach((socket, i) => {
    const retry = FIRST_MS + Math.floor(((i + Math.random()) / sockets.length) * SPREAD_MS);
    socket.send(encodeRefuse({ code: "VANGO_DRAINING", reason: "the server is going away", retry }));
    socket.close(GOING_AWAY, String(retry));
  });
}
