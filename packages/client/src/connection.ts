// The socket's life: open, watch, lose, wait, open again. What the messages mean is session.ts.
// Invariants: at most one socket and at most one timer; a socket that was given up is never heard again.
import { encodePing } from "@vango/core/protocol";
import { BACKOFF, BACKOFF_CAP, CONNECT_TIMEOUT, HEARTBEAT, PROBE, STABLE } from "./limits.js";
import { down, join, loadMore, receive } from "./session.js";
import { setState, state } from "./state.js";

let url: string;
let socket: WebSocket | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let attempt = 0;
let liveSince = Infinity;
/** A ping is out and nothing has come since. */
let silent = false;

/** Full jitter: a random time below the doubling, capped step, in ms. */
export const backoff = (step: number): number => Math.random() * Math.min(BACKOFF_CAP, BACKOFF * 2 ** step);

const after = (ms: number, then: () => void): void => {
  clearTimeout(timer);
  timer = setTimeout(then, ms);
};

const shut = (): void => {
  clearTimeout(timer);
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  socket = undefined;
  down();
};

/** Sends, if there is a socket. */
export const send = (bytes: Uint8Array): void => socket?.send(bytes as Uint8Array<ArrayBuffer>);

/** Gives the socket up and tries again after `retry` ms, default the back-off. */
export function lose(reason: string, retry?: number): void {
  shut();
  if (Date.now() - liveSince > STABLE) attempt = 0;
  liveSince = Infinity;
  setState(navigator.onLine ? "reconnecting" : "offline", reason);
  after(retry ?? backoff(attempt++), open);
}

/** Stops for good; `vango.reconnect()` alone starts again. */
export function refuse(reason: string): void {
  shut();
  setState("refused", reason);
}

/** The server has accepted and the page is in step. */
export function live(): void {
  liveSince = Date.now();
  setState("live");
  after(HEARTBEAT, beat);
}

/** Pings, and gives the socket up if nothing at all has come `ms` later. */
const probe = (ms: number): void => {
  silent = true;
  send(encodePing());
  after(ms, beat);
};
const beat = (): void => (silent ? lose("silent") : probe(HEARTBEAT));

/** Connects now. */
function open(): void {
  shut();
  const opened = (socket = new WebSocket(url));
  socket.binaryType = "arraybuffer";
  socket.onopen = async () => {
    watch();
    const hello = await join();
    // The wait for the second file may have outlived the socket.
    if (opened === socket) hello ? send(hello) : lose("part");
  };
  socket.onmessage = (e: MessageEvent<ArrayBuffer>) => {
    silent = false;
    receive(new Uint8Array(e.data));
  };
  // A draining server names the time to wait, in milliseconds, as the reason of the close.
  socket.onclose = ({ reason }) => lose("closed", +reason || undefined);
  watch();
}
const watch = (): void => after(CONNECT_TIMEOUT, () => lose("timeout"));

/** Connects for the first time and keeps connected. */
export function connect(base: string): void {
  url = location.origin.replace(/^http/, "ws") + base + "/_vango/live";
  /** The network or the tab is back: no waiting, and no trust in a socket that may have died meanwhile. */
  const wake = (): void => {
    if (state === "live") probe(PROBE);
    else if (!socket && state !== "refused") open();
  };
  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  // An open socket would keep the page out of the back/forward cache.
  addEventListener("pagehide", () => {
    if (state === "live") setState("reconnecting");
    shut();
  });
  setState("connecting");
  void loadMore();
  open();
}
