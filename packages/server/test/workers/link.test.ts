// Frames between processes: cut anywhere, bounded, batched; and who may speak at all.
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { assert, asyncProperty, property } from "fast-check";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { HEAD_BYTES, LinkError, LinkKind, LinkReader, writeHead } from "../../src/workers/link-frame.js";
import { Peers, type Host } from "../../src/workers/peers.js";
import type { Link } from "../../src/workers/link.js";
import { makeSocketFolder, socketPath } from "../../src/workers/socket-folder.js";

const frame = (kind: number, channel: number, body: Uint8Array): Buffer => {
  const out = Buffer.alloc(HEAD_BYTES + body.length);
  writeHead(out, 0, kind, channel, body.length);
  out.set(body, HEAD_BYTES);
  return out;
};

/** Cuts bytes at the given places, whatever they are. */
const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map((n) => n % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
};

const folder = (): string => {
  const made = makeSocketFolder();
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

class Recorder implements Host {
  readonly frames: { kind: number; channel: number; text: string; link: Link }[] = [];
  closedLinks = 0;
  #wake: (() => void)[] = [];
  opened() {}
  frame(link: Link, kind: number, channel: number, body: Buffer) { this.frames.push({ kind, channel, text: body.toString(), link }); this.#tell(); }
  closed() { this.closedLinks++; this.#tell(); }
  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
  #tell() { for (const wake of this.#wake.splice(0)) wake(); }
}

const LONG = 60_000;
async function peer(dir: string, name: string, host: Host = new Recorder(), token = "the-token", over: Partial<ConstructorParameters<typeof Peers>[0]> = {}): Promise<Peers> {
  const peers = new Peers({ folder: dir, name, token, maxBody: 1024 * 1024, maxWaiting: 8 * 1024 * 1024, askMs: LONG, ...over });
  await peers.listen(host);
  onTestFinished(() => peers.close(1));
  return peers;
}

describe("frames between workers", () => {
  it("W1: frames arrive whole and in order, wherever the stream is cut", () => {
    assert(property(
      fc.array(fc.tuple(fc.nat(255), fc.nat(0xffffffff), fc.uint8Array({ maxLength: 300 })), { maxLength: 20 }),
      fc.array(fc.nat(10_000), { maxLength: 30 }),
      (frames, places) => {
        const seen: [number, number, number[]][] = [];
        const reader = new LinkReader(300, (kind, channel, body) => void seen.push([kind, channel, [...body]]));
        for (const chunk of cut(Buffer.concat(frames.map((f) => frame(...f))), places)) reader.push(Buffer.from(chunk));
        expect(seen).toEqual(frames.map(([kind, channel, body]) => [kind, channel, [...body]]));
      },
    ), { numRuns: 500 });
  });

  it("W1: a length above the bound is refused before anything is allocated; random bytes never give a longer body", () => {
    const reader = new LinkReader(100, () => undefined);
    expect(() => reader.push(frame(1, 1, new Uint8Array(101)).subarray(0, HEAD_BYTES))).toThrow(LinkError);
    assert(property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (chunks) => {
      const fuzzed = new LinkReader(100, (_kind, _channel, body) => expect(body.length).toBeLessThanOrEqual(100));
      try {
        for (const chunk of chunks) fuzzed.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
      }
    }), { numRuns: 1000 });
  });

  it("W1: nothing is delivered after stop(), also not of the chunk under way", () => {
    let seen = 0;
    const reader: LinkReader = new LinkReader(10, () => {
      seen++;
      reader.stop();
    });
    reader.push(Buffer.concat([frame(1, 1, new Uint8Array(2)), frame(1, 1, new Uint8Array(2))]));
    expect(seen).toBe(1);
  });
});

describe("the workers' folder", () => {
  it.skipIf(process.platform === "win32")("W2: only this user enters it, paths stay short, and a longer one is VANGO_WORKERS_FOLDER", () => {
    const made = folder();
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(socketPath(made, "a".repeat(16)).length).toBeLessThanOrEqual(103);
    expect(() => makeSocketFolder([join(tmpdir(), "x".repeat(100))])).toThrow(/VANGO_WORKERS_FOLDER/);
    expect(basename(made)).toMatch(/^vango-/);
  });

  it("W2: a name that a client made up never leaves the folder", () => {
    for (const name of ["", "..", "../x", "a/b", "a.b", "a\0", "x".repeat(17), "ä"]) expect(() => socketPath("/tmp/x", name)).toThrow(TypeError);
  });
});

describe("links", () => {
  it("W3: processes of one app find each other by name, in both directions, and hear of an end", async () => {
    const dir = folder();
    const there = new Recorder();
    const a = await peer(dir, "workerA1");
    const b = await peer(dir, "workerB1", there);
    const out = await a.link("workerB1");
    expect(out?.link.peer).toBe("workerB1");
    expect(await a.link("workerB1")).toBe(out);
    const lost = new Promise<void>((resolve) => void out?.open({ frame: () => undefined, lost: resolve }));
    out?.link.send(LinkKind.MESSAGE, 7, "hello");
    await there.until(() => there.frames.length === 1);
    expect(there.frames[0]).toMatchObject({ kind: LinkKind.MESSAGE, channel: 7, text: "hello" });
    expect(there.frames[0]?.link.peer).toBe("workerA1");
    await b.close();
    await lost;
    expect(await a.link("workerB1")).toBeUndefined();
    expect(await a.link("workerC1")).toBeUndefined();
    expect(a.isOther("workerA1")).toBe(false);
  });

  it("W3: what is sent is copied, arrives in order, small and large", async () => {
    const dir = folder();
    const there = new Recorder();
    const a = await peer(dir, "workerA1");
    await peer(dir, "workerB1", there);
    const out = await a.link("workerB1");
    const buffer = Buffer.alloc(70_000);
    const sizes = [1, 0, 40_000, 2, 32 * 1024 - 9, 32 * 1024, 70_000, 3];
    sizes.forEach((size, i) => {
      buffer.fill(97 + i);
      out?.link.send(LinkKind.MESSAGE, i, buffer.subarray(0, size));
    });
    buffer.fill(0);
    await there.until(() => there.frames.length === sizes.length);
    there.frames.forEach(({ channel, text }, i) => {
      expect(channel).toBe(i);
      expect(text === String.fromCharCode(97 + i).repeat(sizes[i] ?? 0)).toBe(true);
    });
  });

  it("W4: without the app's token nothing is answered and nothing delivered, whatever is said", async () => {
    const dir = folder();
    const there = new Recorder();
    const real = await peer(dir, "workerB1", there);
    const stranger = await peer(dir, "workerA1", new Recorder(), "another-token");
    expect(await stranger.link("workerB1")).toBeUndefined();

    const path = socketPath(dir, "workerB1");
    const answers: Buffer[] = [];
    const say = async (bytes: Uint8Array): Promise<void> => {
      const socket: Socket = connect(path);
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => answers.push(chunk));
      socket.end(bytes);
      await once(socket, "close");
    };
    await assert(asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => say(bytes)), { numRuns: 60 });
    for (const [kind, body] of [[LinkKind.OPEN, "{}"], [LinkKind.HELLO, "1 the-toke workerA1"], [LinkKind.HELLO, "1 the-token"], [LinkKind.HELLO, "2 the-token workerA1"], [LinkKind.MESSAGE, ""]] as const) {
      await say(Buffer.concat([frame(kind, 0, Buffer.from(body)), frame(LinkKind.OPEN, 1, Buffer.from("{}"))]));
    }
    expect(answers).toEqual([]);
    expect(there.frames).toEqual([]);
    const friend = await peer(dir, "workerC1");
    expect(await friend.link("workerB1")).toBeDefined();
    expect(real.isOther("workerC1")).toBe(true);
  });

  it("W4: who answers with another name, wrongly or not at all is nobody", async () => {
    const dir = folder();
    const a = await peer(dir, "workerA1", new Recorder(), "the-token", { askMs: 20 });
    const fake = async (name: string, answer: Buffer | undefined): Promise<void> => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.resume();
        if (answer !== undefined) socket.write(answer);
      });
      server.listen(socketPath(dir, name));
      await once(server, "listening");
      onTestFinished(() => void server.close());
    };
    await fake("workerB1", frame(LinkKind.READY, 0, Buffer.from("1 workerX1")));
    await fake("workerC1", frame(LinkKind.MESSAGE, 0, Buffer.from("1 workerC1")));
    await fake("workerD1", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await fake("workerE1", undefined);
    for (const name of ["workerB1", "workerC1", "workerD1", "workerE1"]) expect(await a.link(name)).toBeUndefined();
  });

  it("W5: a peer that does not read costs a bounded number of bytes, then its link", async () => {
    const dir = folder();
    const a = await peer(dir, "workerA1", new Recorder(), "the-token", { maxWaiting: 256 * 1024 });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(frame(LinkKind.READY, 0, Buffer.from("1 workerB1")));
        socket.pause();
      });
    });
    server.listen(socketPath(dir, "workerB1"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const out = await a.link("workerB1");
    let ended = 0;
    out?.open({ frame: () => undefined, lost: () => void ended++ });
    const piece = Buffer.alloc(16 * 1024);
    let most = 0;
    for (let i = 0; i < 10_000 && out?.link.open === true; i++) {
      out.link.send(LinkKind.MESSAGE, 1, piece);
      most = Math.max(most, out.link.waiting);
      await Promise.resolve();
    }
    expect(ended).toBe(1);
    expect(most).toBeLessThanOrEqual(256 * 1024 + piece.length);
  });

  it("W6: questions are answered, unknown ones and failures by nothing, and the end of a process answers them all", async () => {
    const dir = folder();
    const a = await peer(dir, "workerA1");
    const b = await peer(dir, "workerB1");
    b.answer("peek", (body) => Buffer.concat([Buffer.from("got "), body]));
    b.answer("none", () => undefined);
    b.answer("broken", () => { throw new Error("no"); });
    b.answer("never", () => new Promise(() => undefined));
    expect(Buffer.from((await a.ask("workerB1", "peek", Buffer.from("x"))) ?? []).toString()).toBe("got x");
    for (const topic of ["none", "broken", "other"]) expect(await a.ask("workerB1", topic, Buffer.of(1))).toBeUndefined();
    expect(await a.ask("workerC1", "peek", Buffer.of(1))).toBeUndefined();
    const hanging = a.ask("workerB1", "never", Buffer.of(1));
    const hasIt = (await a.link("workerB1"))?.link.open;
    expect(hasIt).toBe(true);
    await b.close();
    expect(await hanging).toBeUndefined();
  });

  it("W6: a question has no more than its time", async () => {
    const dir = folder();
    const a = await peer(dir, "workerA1", new Recorder(), "the-token", { askMs: 5 });
    const b = await peer(dir, "workerB1");
    b.answer("never", () => new Promise(() => undefined));
    expect(await a.ask("workerB1", "never", Buffer.of(1))).toBeUndefined();
  });
});
