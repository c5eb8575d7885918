// The socket's life: open, watch, lose, wait, open again. What the messages mean is session.ts.
// Invariants: at most one socket and at most one timer; a socket that was given up is never heard again.
import { encodePing } from "@vango/core/protocol";
import { ASLEEP, BACKOFF, BACKOFF_CAP, CONNECT_TIMEOUT, HEARTBEAT, HIDDEN, PATIENCE, PROBE, STABLE } from "./limits.js";
import { down, loadMore, more, receive, settle } from "./session.js";
import { setState, state } from "./state.js";

let url: string;
let socket: WebSocket | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let attempt = 0;
let liveSince = Infinity;
/** Pings since something has come. */
let silent = 0;
/** When the timer should run, by the clock. */
let due = 0;

/** Full jitter: a random time below the doubling, capped step, in ms. */
export const backoff = (step: number): number => Math.random() * Math.min(BACKOFF_CAP, BACKOFF * 2 ** step);

const after = (ms: number, then: () => void): void => {
  clearTimeout(timer);
  due = Date.now() + ms;
  timer = setTimeout(then, ms);
};
/** The machine, or this tab, has slept: the timer is late by more than any throttling delays it. */
const slept = (): boolean => Date.now() - due > ASLEEP;

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
  if (performance.now() - liveSince > STABLE) attempt = 0;
  liveSince = Infinity;
  setState(navigator.onLine ? "reconnecting" : "offline", reason);
  after(retry ?? backoff(attempt++), open);
}

/** Stops for good; `vango.reconnect()` alone starts again. */
export function refuse(reason: string): void {
  shut();
  setState("refused", reason);
  settle();
}

/** The page is in step with the server. */
export function live(): void {
  liveSince = performance.now();
  silent = 0;
  setState("live");
  after(beats(), beat);
}

/** Nobody looks at a hidden tab: it is woken less often, yet notices a dead socket while the server still keeps its session. */
const beats = (): number => HEARTBEAT * (document.hidden ? HIDDEN : 1);
/** Pings, and gives the socket up if nothing at all has come `ms` later. */
const probe = (ms: number): void => {
  silent++;
  send(encodePing());
  after(ms, beat);
};
const beat = (): void => (slept() ? lose("sleep", 0) : silent ? lose("silent") : probe(beats()));

/** Connects now. */
function open(): void {
  shut();
  const opened = (socket = new WebSocket(url));
  socket.binaryType = "arraybuffer";
  socket.onopen = async () => {
    watch();
    await loadMore();
    // The wait for the second file may have outlived the socket.
    if (opened === socket) more ? send(more.hello()) : lose("part");
  };
  socket.onmessage = (e: MessageEvent<ArrayBuffer>) => {
    silent = 0;
    receive(new Uint8Array(e.data));
  };
  // A draining server names the time to wait, in milliseconds, as the reason of the close.
  socket.onclose = ({ reason }) => lose("closed", +reason || undefined);
  watch();
}
/** Each failure makes it more patient: a large page may need longer than this on a slow line. */
const watch = (): void => after(CONNECT_TIMEOUT << Math.min(attempt, PATIENCE), () => lose("timeout"));

/** Connects for the first time and keeps connected. */
export function connect(base: string): void {
  url = location.origin.replace(/^http/, "ws") + base + "/_vango/live";
  /** The network or the tab is back: no waiting, and no trust in a socket that may have died meanwhile. */
  const wake = (): void => {
    if (state === "live") slept() ? lose("sleep", 0) : probe(PROBE);
    else if (!socket && state !== "refused") open();
  };
  for (const type of ["online", "pageshow"]) addEventListener(type, wake);
  for (const type of ["visibilitychange", "resume"]) document.addEventListener(type, () => document.hidden || wake());
  // An open socket would keep the page out of the back/forward cache.
  addEventListener("pagehide", () => {
    if (state === "live") setState("reconnecting");
    shut();
  });
  setState("connecting");
  void loadMore();
  open();
}
