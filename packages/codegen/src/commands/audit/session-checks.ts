// Checks of the protocol above the frames: who gets which session, what repeated, stale, nested and poisoned messages do, and
// what floods cost the others.

import { encodeEvent, encodePing, encodeResume, PROTOCOL_VERSION, ServerKind } from "@vango/core/protocol";
import { fail, must, note, type Check, type Verdict } from "./check.js";
import type { RawSocket } from "./raw-socket.js";
import { codeOf, isError, join, read, type Fetched, type Target } from "./target.js";

/** First message of a new socket of the page's browser; it must not be welcomed. */
async function notWelcomed(target: Target, page: Fetched, message: Uint8Array, what: string): Promise<Verdict> {
  const socket = await target.socket(page.cookie);
  socket.send(message);
  const answer = await socket.until((m) => m[0] === ServerKind.WELCOME || m[0] === ServerKind.RESUMED || isError(m));
  socket.end();
  const welcomed = answer?.[0] === ServerKind.WELCOME || answer?.[0] === ServerKind.RESUMED;
  return must(!welcomed, `${what}: ${codeOf(answer) ?? (socket.closed === undefined ? "not answered" : `closed (${socket.closed})`)}`, `${what} is welcomed`);
}

/** A joined socket says something; it is closed or told off, and the server goes on. */
async function withstands(target: Target, page: Fetched, message: Uint8Array, what: string): Promise<Verdict> {
  const socket = await target.joined(page);
  const from = socket.messages.length;
  socket.send(message);
  const answer = await socket.until(isError, from);
  socket.end();
  if (answer === undefined && socket.closed === undefined) return fail(`${what}: accepted`);
  return must(await target.alive(), `${what}: ${codeOf(answer) ?? `closed (${socket.closed})`}`, `${what}: the server does not answer any more`);
}

const event = (payload: readonly number[]): Uint8Array => Uint8Array.from([2, 1, 0, 1, 1, 0, ...payload]);
const sidOf = (socket: RawSocket): string => {
  const welcome = read(socket.messages.find((m) => m[0] === ServerKind.WELCOME));
  return welcome?.kind === ServerKind.WELCOME ? welcome.body.sid : "";
};

export const SESSION_CHECKS: readonly Check[] = [
  { name: "boot-tampered", risk: "pages that were never rendered", run: (t, p) => notWelcomed(t, p, join(p.boot.replace(/"p":"([^"]*)"/, '"p":"$1?x=1"')), "a changed boot blob") },
  {
    name: "boot-foreign",
    risk: "one browser joins another's page",
    async run(target, page) {
      const other = await target.page();
      return notWelcomed(target, { ...page, cookie: other.cookie }, join(page.boot), "another browser's blob");
    },
  },
  { name: "event-first", risk: "events without a session", run: (t, p) => notWelcomed(t, p, encodeEvent(1, 0, 1, 1, 0), "an event before JOIN") },
  { name: "protocol-version", risk: "another protocol is guessed at", run: (t, p) => notWelcomed(t, p, join(p.boot, { v: PROTOCOL_VERSION + 1 }), "another protocol version") },
  {
    name: "join-replayed",
    risk: "a second session by one socket",
    async run(target, page) {
      const socket = await target.joined(page);
      socket.send(join(page.boot));
      const code = await socket.ended();
      socket.end();
      return must(code !== undefined, `a second JOIN closes the socket (${code})`, "a second JOIN is accepted");
    },
  },
  {
    name: "session-stolen",
    risk: "a session id opens somebody's session",
    async run(target, page) {
      const victim = await target.joined(page);
      const sid = sidOf(victim);
      const thief = await target.page();
      const verdict = await notWelcomed(target, thief, encodeResume(PROTOCOL_VERSION, 1, 0, 0, sid, "audit"), "another browser's session id");
      const socket = await target.socket(thief.cookie);
      socket.send(join(thief.boot, { tab: sid }));
      await socket.until((m) => m[0] === ServerKind.WELCOME || isError(m));
      const same = sidOf(socket).split(".").at(-1) === sid.split(".").at(-1) && sidOf(socket) !== "";
      socket.end();
      const hurt = victim.closed !== undefined;
      victim.end();
      if (same) return fail("a JOIN with another browser's session id gets that session");
      return hurt ? fail("the owner's socket was closed") : verdict;
    },
  },
  {
    name: "revision-stale",
    risk: "a click reaches another element",
    async run(target, page) {
      const socket = await target.joined(page);
      const from = socket.messages.length;
      socket.send(encodeEvent(1, 0, 77, 1, 0));
      const answer = await socket.until(isError, from);
      socket.send(encodePing());
      const alive = await socket.until((m) => m[0] === ServerKind.PONG, from);
      socket.end();
      return must(codeOf(answer) === "VANGO_STALE_EVENT" && alive !== undefined, "an event of another epoch: VANGO_STALE_EVENT, the session lives", `an event of another epoch: ${codeOf(answer) ?? "no error"}`);
    },
  },
  {
    name: "event-replayed",
    risk: "an event runs twice",
    async run(target, page) {
      const socket = await target.joined(page);
      const from = socket.messages.length;
      for (let i = 0; i < 3; i++) socket.send(encodeEvent(1, 0, 1, 2 ** 30, 0));
      socket.send(encodePing());
      await socket.until((m) => m[0] === ServerKind.PONG, from);
      socket.end();
      const errors = socket.messages.slice(from).filter(isError).length;
      return must(errors === 1, "of three equal events one is judged", `of three equal events ${errors} are judged`);
    },
  },
  { name: "target-unknown", risk: "handlers that the page does not have", run: (t, p) => withstands(t, p, encodeEvent(1, 0, 1, 2 ** 30, 0), "an unknown instance") },
  { name: "payload-proto", risk: "prototype pollution", run: (t, p) => withstands(t, p, event([0x81, 0xa9, ...new TextEncoder().encode("__proto__"), 0x80]), "a key __proto__") },
  { name: "payload-deep", risk: "the stack overflows", run: (t, p) => withstands(t, p, event([...new Array<number>(1000).fill(0x91), 0xc0]), "1,000 nested lists") },
  { name: "payload-4gb", risk: "memory by a number", run: (t, p) => withstands(t, p, event([0xdb, 0xff, 0xff, 0xff, 0xff, 0x41]), "a text that declares 4 GB") },
  { name: "payload-entries", risk: "memory by small messages", run: (t, p) => withstands(t, p, event([0xdd, 0, 0, 0xff, 0xff, ...new Array<number>(60_000).fill(0xc0)]), "65,535 entries") },
  {
    name: "structure-hostile",
    risk: "a client's description of its page is trusted",
    async run(target, page) {
      for (const now of [{ t: [], s: [1, 2, 2 ** 31] }, { t: ["x", "li s:0"], s: [0, 1, 4, 100_000] }, { t: [], s: [0, 0], i: [1, 2 ** 30] }]) {
        const socket = await target.socket(page.cookie);
        socket.send(join(page.boot, { now }));
        await socket.until((m) => m[0] === ServerKind.WELCOME || isError(m));
        socket.end();
      }
      return must(await target.alive(), "three hostile structures, the server lives", "the server does not answer any more");
    },
  },
  {
    name: "message-flood",
    risk: "one client takes the others' time",
    async run(target, page) {
      const socket = await target.joined(page);
      const neighbour = await target.joined();
      const from = socket.messages.length;
      for (let i = 1; i <= 2000; i++) socket.send(encodeEvent(i, 0, 1, 2 ** 30, 0));
      const start = performance.now();
      const at = neighbour.messages.length;
      neighbour.send(encodePing());
      const pong = await neighbour.until((m) => m[0] === ServerKind.PONG, at);
      const ms = Math.round(performance.now() - start);
      await socket.ended(1000);
      const limited = socket.messages.slice(from).some((m) => codeOf(m) === "VANGO_RATE_LIMITED");
      socket.end();
      neighbour.end();
      if (pong === undefined) return fail("another session gets no answer during 2,000 events");
      return must(limited || socket.closed !== undefined, `2,000 events: ${limited ? "VANGO_RATE_LIMITED" : `closed (${socket.closed})`}; another session answers in ${ms} ms`, "2,000 events are all accepted");
    },
  },
];

/** Opens sockets until one is refused, at most `limit`. */
export function joinFlood(limit: number): Check {
  return {
    name: "join-flood",
    risk: "one address takes all sessions",
    async run(target, page) {
      const open: RawSocket[] = [];
      try {
        for (let i = 1; i <= limit; i++) {
          const socket = await target.joined(page);
          open.push(socket);
          const refusal = socket.messages.find((m) => m[0] === ServerKind.REFUSE);
          if (refusal !== undefined || socket.handshake.status !== 101 || socket.closed !== undefined) {
            const how = codeOf(refusal) ?? (socket.handshake.status === 101 ? `closed (${socket.closed})` : String(socket.handshake.status));
            return must(await target.alive(), `socket ${i}: ${how}`, "the server does not answer any more");
          }
        }
        return note(`${limit} sessions of one address are accepted; the limit sessionsPerIp is higher, or does not hold (--sockets N tries more)`);
      } finally {
        for (const socket of open) socket.end();
      }
    },
  };
}

