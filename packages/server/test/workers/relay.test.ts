// A session's socket that lands at another worker: relayed to the owner, unread, with the owner's view of it unchanged.
import { once } from "node:events";
import { createServer } from "node:net";
import { decodeServer } from "@vango/core/protocol";
import { assert, asyncProperty } from "fast-check";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { HEAD_BYTES, LinkKind, writeHead } from "../../src/workers/link-frame.js";
import { socketPath } from "../../src/workers/socket-folder.js";
import { joinOf, resumeOf, rig, type ClientSocket, type Process, type Rig } from "./rig.js";

const ID = "session-id-12345";
const SID = `workerA1.${ID}`;

/** A session of process A whose client has come to process B. */
async function relayed(limits = {}): Promise<{ a: Process; b: Process; socket: ClientSocket; made: Rig }> {
  const made = rig();
  const a = await made.process("workerA1", limits);
  const b = await made.process("workerB1", limits);
  a.own.held.add(ID);
  const socket = b.connect();
  b.sessions.message(socket, resumeOf(SID));
  await a.own.until(() => a.own.log.length === 2);
  return { a, b, socket, made };
}

const say = (text: string): Uint8Array => Buffer.from(text);

describe("relay", () => {
  it("W7: a RESUME or JOIN that names another worker's session reaches its owner, with what is known of the socket", async () => {
    for (const first of [resumeOf(SID), joinOf(SID)]) {
      const made = rig();
      const [a, b] = [await made.process("workerA1"), await made.process("workerB1")];
      a.own.held.add(ID);
      const socket = b.connect();
      b.sessions.message(socket, first);
      b.sessions.message(socket, say("\x04early"));
      await a.own.until(() => a.own.log.length === 3);
      expect(a.own.log).toEqual(["0 open", `0 ${first.length > 40 ? `${first[0]} (${first.length} bytes)` : Buffer.from(first).toString("latin1")}`, "0 \x04early"]);
      const [there] = a.own.sockets;
      const { browser, ip, origin, headers } = socket.data;
      expect(there?.data).toEqual({ browser, ip, origin, headers, session: undefined });
      // The process that took it has let it go, so that it counts there no longer.
      expect(b.own.log).toEqual(["0 open", "0 closed 1000"]);
      expect(b.sessions.relayed).toBe(1);
    }
  });

  it("W7: own sessions, new tabs and what cannot be read are not relayed", async () => {
    const made = rig();
    const b = await made.process("workerB1");
    for (const first of [joinOf(""), joinOf(`workerB1.${ID}`), resumeOf(`workerB1.${ID}`), joinOf("no dot"), joinOf("../../x.y"), resumeOf("."), say("\x01garbage"), say("\x06"), say("\x04")]) {
      const socket = b.connect();
      const before = b.own.log.length;
      b.sessions.message(socket, first);
      expect(b.own.log.length).toBe(before + 1);
    }
    expect(b.sessions.relayed).toBe(0);
  });

  it("W8: messages pass both ways in order, whatever they hold", async () => {
    const { a, b, socket } = await relayed();
    const there = a.own.sockets[0];
    const up: Buffer[] = [];
    a.own.onMessage = (_socket, bytes) => void up.push(Buffer.from(bytes));
    await assert(asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 2000 })), { maxLength: 30 }), async (messages) => {
      up.length = 0;
      socket.got.length = 0;
      for (const [isUp, bytes] of messages) {
        if (isUp) b.sessions.message(socket, bytes);
        else there?.send(bytes);
      }
      const want = (isUp: boolean) => messages.filter(([direction]) => direction === isUp).map(([, bytes]) => Buffer.from(bytes).toString("hex"));
      await a.own.until(() => up.length === want(true).length);
      await socket.until(() => socket.got.length === want(false).length);
      expect(up.map((bytes) => bytes.toString("hex"))).toEqual(want(true));
      expect(socket.got.map((bytes) => bytes.toString("hex"))).toEqual(want(false));
    }), { numRuns: 60 });
  });

  it("W8: closes pass with code and reason, each side hears of one once", async () => {
    const first = await relayed();
    first.a.own.sockets[0]?.close(1008, "too many messages");
    first.a.own.sockets[0]?.close(1000);
    await first.socket.until(() => first.socket.closedWith !== undefined);
    expect(first.socket.closedWith).toEqual({ code: 1008, reason: "too many messages" });
    expect(first.a.own.log.slice(2)).toEqual(["0 closed 1008"]);
    expect(first.b.sessions.relayed).toBe(0);
    expect(first.a.own.sockets[0]?.send(say("x"))).toBe("dropped");

    const second = await relayed();
    second.socket.close(1001);
    await second.a.own.until(() => second.a.own.log.length === 3);
    expect(second.a.own.log[2]).toBe("0 closed 1001");
    expect(second.b.sessions.relayed).toBe(0);
  });

  it("W9: the owner sees what waits at the client, is told of the drain, and its socket refuses above the bound", async () => {
    const { a, b, socket } = await relayed({ socketDropBytes: 300_000 });
    const there = a.own.sockets[0];
    const piece = Buffer.alloc(20_000, 1);
    socket.blocked = true;
    expect(there?.send(piece)).toBe("sent");
    for (let i = 0; i < 4; i++) there?.send(piece);
    expect(there?.send(piece)).toBe("buffered");
    await socket.until(() => socket.got.length === 6);
    expect(there?.buffered()).toBe(120_000);
    for (let i = 0; i < 10; i++) there?.send(piece);
    expect(there?.send(piece)).toBe("dropped");
    await socket.until(() => socket.got.length === 16);

    socket.drain(200_000);
    b.sessions.drained(socket);
    b.sessions.message(socket, say("after"));
    await a.own.until(() => a.own.log.includes("0 after"));
    expect(there?.buffered()).toBe(120_000);
    expect(a.own.log).not.toContain("0 drained");
    socket.drain();
    b.sessions.drained(socket);
    await a.own.until(() => a.own.log.includes("0 drained"));
    expect(there?.buffered()).toBe(0);
    expect(there?.send(piece)).toBe("sent");
    expect(a.own.log.filter((line) => line === "0 drained")).toHaveLength(1);
  });

  it("W9: without a blocked client the count never grows past a few steps", async () => {
    const { a, socket } = await relayed();
    const there = a.own.sockets[0];
    const piece = Buffer.alloc(3000, 1);
    for (let round = 0; round < 40; round++) {
      const have = socket.got.length;
      for (let i = 0; i < 10; i++) there?.send(piece);
      await socket.until(() => socket.got.length === have + 10);
      const before = a.own.log.length;
      a.own.onMessage = () => undefined;
      expect(a.own.log.length).toBe(before);
    }
    await a.own.until(() => (there?.buffered() ?? 0) < 64 * 1024 || a.own.log.includes("0 drained"));
    expect(there?.buffered()).toBeLessThan(64 * 1024);
  });

  it("W10: an owner that does not have the session, or is gone, or refuses: the socket goes on here with what waited", async () => {
    const made = rig();
    const a = await made.process("workerA1");
    const b = await made.process("workerB1");
    const hereAgain = async (sid: string): Promise<void> => {
      const socket = b.connect();
      const from = b.own.log.length - 1;
      b.sessions.message(socket, resumeOf(sid));
      b.sessions.message(socket, say("early"));
      const n = b.own.sockets.indexOf(socket);
      await b.own.until(() => b.own.log.length === from + 5);
      expect(b.own.log.slice(from).map((line) => line.replace(/^\d+ /, "").slice(0, 11))).toEqual(["open", "closed 1000", "open", Buffer.from(resumeOf(sid)).toString("latin1").slice(0, 11), "early"]);
      expect(b.own.log.at(-1)).toBe(`${n} early`);
      expect(socket.closedWith).toBeUndefined();
      b.sessions.message(socket, say("later"));
      expect(b.own.log.at(-1)).toBe(`${n} later`);
    };
    await hereAgain(SID);
    await hereAgain("workerX9.session");
    await a.sessions.drain();
    await hereAgain(SID);
    expect(a.own.log).toEqual([]);
    expect(b.sessions.relayed).toBe(0);
  });

  it("W10: an owner that does not answer in time has lost the socket, also when it answers later", async () => {
    const made = rig();
    const b = await made.process("workerB1", { relayAskMs: 5 });
    const heard: number[] = [];
    let answer: () => void = () => undefined;
    const server = createServer((peer) => {
      peer.on("error", () => undefined);
      const frame = (kind: number, channel: number, body: string): Buffer => {
        const out = Buffer.alloc(HEAD_BYTES + body.length);
        writeHead(out, 0, kind, channel, body.length);
        out.write(body, HEAD_BYTES);
        return out;
      };
      peer.write(frame(LinkKind.READY, 0, "1 workerA1"));
      answer = () => void peer.write(Buffer.concat([frame(LinkKind.ACCEPT, 1, ""), frame(LinkKind.MESSAGE, 1, "late")]));
      peer.on("data", (chunk) => void heard.push(...chunk));
    });
    server.listen(socketPath(made.folder, "workerA1"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const socket = b.connect();
    b.sessions.message(socket, resumeOf(SID));
    await b.own.until(() => b.own.log.length === 4);
    expect(b.own.log.map((line) => line.slice(0, 6))).toEqual(["0 open", "0 clos", "0 open", `0 ${Buffer.from(resumeOf(SID)).toString("latin1").slice(0, 4)}`]);
    answer();
    b.own.onMessage = () => undefined;
    b.sessions.message(socket, say("mine"));
    expect(b.own.log.at(-1)).toBe("0 mine");
    expect(socket.got).toEqual([]);
    expect(b.sessions.relayed).toBe(0);
  });

  it("W14: what a GET asks of a tab's session, its owner answers; the store is asked when it does not", async () => {
    const made = rig();
    const [a, b] = [await made.process("workerA1"), await made.process("workerB1")];
    a.own.values = { principal: "ann", schema: "", others: undefined, values: new Map<string, unknown>([["cart", new Map([[1, new Date(5)]])]]) };
    b.own.values = { principal: "ann", schema: "", others: undefined, values: new Map([["cart", "stored"]]) };
    expect(await b.sessions.tabValues(SID, "browser-1")).toEqual(a.own.values);
    expect(a.own.log).toEqual([`values ${SID} browser-1`]);
    expect(b.own.log).toEqual([]);
    for (const sid of [`workerB1.${ID}`, `workerX1.${ID}`, "nothing"]) expect(await b.sessions.tabValues(sid, "browser-1")).toBe(b.own.values);
    a.own.values = undefined;
    expect(await b.sessions.tabValues(SID, "browser-1")).toBe(b.own.values);
  });

  it("W11: an owner that dies closes its clients' sockets (1012), and a process that dies closes its owner's (1006)", async () => {
    const { a, b, socket } = await relayed();
    await a.sessions.peers.close();
    await socket.until(() => socket.closedWith !== undefined);
    expect(socket.closedWith?.code).toBe(1012);
    expect(b.sessions.relayed).toBe(0);

    const other = await relayed();
    await other.b.sessions.peers.close();
    await other.a.own.until(() => other.a.own.log.length === 3);
    expect(other.a.own.log[2]).toBe("0 closed 1006");
  });

  it("W11: a process that drains sends the clients it relays away, each with its own time, and the owner's session stays", async () => {
    const { a, b, socket } = await relayed();
    await b.sessions.drain();
    const refused = decodeServer(new Uint8Array(socket.got[0] ?? []));
    expect(refused).toMatchObject({ kind: 6, body: { reason: "the server is going away" } });
    expect(socket.closedWith?.code).toBe(1001);
    expect(Number(socket.closedWith?.reason)).toBeGreaterThanOrEqual(500);
    expect(b.own.drains).toBe(1);
    await a.own.until(() => a.own.log.length === 3);
    expect(a.own.log[2]).toBe("0 closed 1001");
    expect(a.own.drains).toBe(0);
  });

  it("W12: a client that talks before its session is found, or to an owner that does not read, costs a bound and then its socket", async () => {
    const made = rig();
    const b = await made.process("workerB1", { relayWaitingBytes: 10_000 });
    const server = createServer((peer) => void peer.on("error", () => undefined).pause());
    server.listen(socketPath(made.folder, "workerA1"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const socket = b.connect();
    b.sessions.message(socket, resumeOf(SID));
    for (let i = 0; i < 20 && socket.closedWith === undefined; i++) b.sessions.message(socket, Buffer.alloc(1000));
    expect(socket.closedWith?.code).toBe(1013);
    expect(b.sessions.relayed).toBe(0);
  });

  it("W12: what one relayed client does to its session does not reach its neighbours on the link", async () => {
    const { a, b, socket } = await relayed();
    const second = b.connect();
    b.sessions.message(second, resumeOf(SID));
    await a.own.until(() => a.own.sockets.length === 2 && a.own.log.length === 4);
    a.own.onMessage = () => { throw new Error("broken"); };
    b.sessions.message(socket, say("boom"));
    await socket.until(() => socket.closedWith !== undefined);
    expect(socket.closedWith?.code).toBe(1011);
    expect(a.errors).toHaveLength(1);
    a.own.onMessage = () => undefined;
    b.sessions.message(second, say("fine"));
    await a.own.until(() => a.own.log.includes("1 fine"));
    expect(second.closedWith).toBeUndefined();
  });

  it("W12: frames that no process of ours would send end the link, and its sockets, nothing else", async () => {
    await assert(asyncProperty(fc.constantFrom(...Object.values(LinkKind), 0, 99), fc.nat(3), fc.uint8Array({ maxLength: 40 }), async (kind, channel, body) => {
      const made = rig();
      const [a, b] = [await made.process("workerA1"), await made.process("workerB1")];
      a.own.held.add(ID);
      const link = (await b.sessions.peers.link("workerA1"))?.link;
      link?.send(kind, channel, body);
      // Whatever that was: another process is served.
      const c = await made.process("workerC1");
      const socket = c.connect();
      c.sessions.message(socket, resumeOf(SID));
      await a.own.until(() => a.own.log.some((line) => line.endsWith(Buffer.from(resumeOf(SID)).toString("latin1"))));
      expect(socket.closedWith).toBeUndefined();
      await Promise.all([a, b, c].map(({ sessions }) => sessions.peers.close(1)));
    }), { numRuns: 60 });
  });
});
