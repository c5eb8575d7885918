// Checks of the upgrade and of WebSocket frames: who may open a socket, and what malformed or huge frames do.

import { PROTOCOL_VERSION, ServerKind } from "@vango/core/protocol";
import { must, note, ok, fail, type Check, type Verdict } from "./check.js";
import type { Frame } from "./raw-socket.js";
import { codeOf, isError, join, type Fetched, type Target } from "./target.js";

async function refused(target: Target, cookie: string, headers: Readonly<Record<string, string>>, what: string): Promise<Verdict> {
  const socket = await target.socket(cookie, headers);
  socket.end();
  const { status } = socket.handshake;
  return must(status !== 101 && status < 500, `${what}: ${status}`, status === 101 ? `${what} gets a socket` : `${what}: ${status || "no answer"}`);
}

/** A browser hides from a page why an upgrade was refused: a socket that is accepted to say it, and closed, is no hole. */
async function turnedAway(target: Target, cookie: string, what: string): Promise<Verdict> {
  const socket = await target.socket(cookie);
  if (socket.handshake.status !== 101) return refused(target, cookie, {}, what);
  const code = await socket.ended();
  socket.end();
  const told = socket.messages.every((message) => message[0] === ServerKind.REFUSE);
  return must(code !== undefined && told, `${what}: told so and closed (${code ?? "open"})`, `${what} gets a socket`);
}

/** A joined socket sends these frames and must be closed; the server must go on. */
async function closes(target: Target, page: Fetched, frames: readonly (readonly [Uint8Array, Frame?])[], what: string): Promise<Verdict> {
  const socket = await target.joined(page);
  for (const [payload, frame] of frames) socket.send(payload, frame);
  const code = await socket.ended();
  socket.end();
  if (code === undefined) return fail(`${what}: the socket stays open`);
  return must(await target.alive(), `${what}: closed (${code})`, `${what}: the server does not answer any more`);
}

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

export const SOCKET_CHECKS: readonly Check[] = [
  { name: "origin", risk: "another site's page speaks as the user (cross-site WebSocket hijacking)", run: (t, p) => refused(t, p.cookie, { Origin: "https://evil.example" }, "another origin") },
  { name: "origin-null", risk: "a sandboxed frame speaks as the user", run: (t, p) => refused(t, p.cookie, { Origin: "null" }, "origin null") },
  { name: "origin-missing", risk: "scripts outside of browsers hold sessions", run: (t, p) => refused(t, p.cookie, { Origin: "" }, "no origin") },
  { name: "origin-suffix", risk: "a look-alike host passes", run: (t, p) => refused(t, p.cookie, { Origin: `${t.url.origin}.evil.example` }, "an origin that only begins like ours") },
  { name: "cookie-missing", risk: "sessions that belong to nobody", run: (t) => turnedAway(t, "", "no cookie") },
  { name: "cookie-forged", risk: "somebody else's sessions", run: (t, p) => turnedAway(t, p.cookie.replace(/.$/, (c) => (c === "A" ? "B" : "A")), "a forged cookie") },
  {
    name: "cookie-tossed",
    risk: "a sibling domain locks users out with a cookie of the same name",
    async run(target, page) {
      const tossed = page.cookie.split("; ").map((pair) => `${pair.slice(0, pair.indexOf("="))}=x`);
      const socket = await target.socket(`${tossed.join("; ")}; ${page.cookie}`);
      socket.send(join(page.boot));
      const answer = await socket.until((m) => m[0] === ServerKind.WELCOME || isError(m));
      socket.end();
      return must(answer?.[0] === ServerKind.WELCOME, "behind a foreign cookie of the same name the browser's own counts", `a foreign cookie of the same name hides the browser's own (${codeOf(answer) ?? "no answer"})`);
    },
  },
  {
    name: "no-compression",
    risk: "decompression bombs, secrets leaked by size",
    async run(target, page) {
      const socket = await target.socket(page.cookie, { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" });
      const extension = socket.handshake.headers.get("sec-websocket-extensions");
      socket.end();
      return must(extension === undefined, "no compression is negotiated", `negotiates ${extension}`);
    },
  },
  { name: "frame-compressed", risk: "decompression bombs", run: (t, p) => closes(t, p, [[new Uint8Array(64), { compressed: true }]], "a compressed frame") },
  {
    name: "frame-unmasked",
    risk: "cache poisoning through proxies",
    async run(target, page) {
      const verdict = await closes(target, page, [[Uint8Array.of(3, 0), { masked: false }]], "an unmasked frame");
      // uWebSockets.js takes every frame of a client for a masked one and waits for the rest of it. Browsers always mask.
      return verdict.verdict === "fail" && (await target.alive()) ? note("an unmasked frame is not read, but its socket stays open") : verdict;
    },
  },
  { name: "frame-text", risk: "another decoder than the tested one", run: (t, p) => closes(t, p, [[text("{}"), { opcode: 1 }]], "a text frame") },
  { name: "frame-reserved", risk: "undefined behaviour", run: (t, p) => closes(t, p, [[text("x"), { opcode: 11 }]], "a reserved opcode") },
  { name: "message-oversized", risk: "memory by one message", run: (t, p) => closes(t, p, [[Uint8Array.from({ length: 65 * 1024 }, (_, i) => (i === 0 ? 2 : 0))]], "65 KiB in one message") },
  { name: "frame-declared-4gb", risk: "memory by a number", run: (t, p) => closes(t, p, [[new Uint8Array(8), { declared: 4 * 1024 ** 3 }]], "a frame that declares 4 GB") },
  {
    name: "message-fragmented",
    risk: "memory by endless fragments",
    run(target, page) {
      const part = new Uint8Array(32 * 1024);
      const frames = Array.from({ length: 64 }, (_, i): readonly [Uint8Array, Frame] => [part, { opcode: i === 0 ? 2 : 0, fin: false }]);
      return closes(target, page, frames, "2 MiB in fragments without an end");
    },
  },
  { name: "ping-flood", risk: "the thread by answers to pings", run: (t, p) => closes(t, p, new Array<readonly [Uint8Array, Frame]>(1000).fill([new Uint8Array(0), { opcode: 9 }]), "1,000 pings") },
  { name: "pong-flood", risk: "the thread by frames that no budget counts", run: (t, p) => closes(t, p, new Array<readonly [Uint8Array, Frame]>(1000).fill([new Uint8Array(0), { opcode: 10 }]), "1,000 pongs") },
  {
    name: "fragments-whole",
    risk: "messages cut by proxies are lost",
    async run(target, page) {
      const socket = await target.socket(page.cookie);
      const message = join(page.boot);
      for (let at = 0; at < message.length; at += 100) socket.send(message.subarray(at, at + 100), { opcode: at === 0 ? 2 : 0, fin: at + 100 >= message.length });
      const welcome = await socket.until((m) => m[0] === 1 || isError(m));
      socket.end();
      return must(welcome?.[0] === 1, "a JOIN in fragments is welcomed", `a JOIN in fragments is not welcomed (${codeOf(welcome) ?? "no answer"})`);
    },
  },
  {
    name: "silence",
    risk: "sockets that never join hold memory",
    async run(target, page) {
      const socket = await target.socket(page.cookie);
      const code = await socket.ended(15_000);
      socket.end();
      return code === undefined ? fail("a socket without JOIN is open after 15 s") : ok(`a socket without JOIN is closed (${code}), protocol ${PROTOCOL_VERSION}`);
    },
  },
];
