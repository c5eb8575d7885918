/**
 * The rules every transport keeps (SPEC.md, T…). Run once for uWebSockets.js and once for ws.
 */
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { reply } from "../../src/transport/reply.js";
import type { Incoming, Listening, Outgoing, Socket, Transport, TransportHandlers, UpgradeDecision, UpgradeRequest } from "../../src/transport/transport.js";
import { Browser, complete, deferred, freePort, gone, raw, refusedStatus, statusOf, tcp } from "./client.js";

type Data = { readonly name: string };

/** Handlers whose parts a test replaces. */
class Hooks implements TransportHandlers<Data> {
  onRequest: (x: Incoming) => Outgoing | Promise<Outgoing> = () => reply(200, [], "ok");
  onUpgrade: (x: UpgradeRequest) => UpgradeDecision<Data> | Promise<UpgradeDecision<Data>> = () => ({ accept: true, data: { name: "a" } });
  opened: (s: Socket<Data>) => void = () => undefined;
  message: (s: Socket<Data>, b: Uint8Array) => void = () => undefined;
  drained: (s: Socket<Data>) => void = () => undefined;
  closed: (s: Socket<Data>, code: number) => void = () => undefined;
  errors: unknown[] = [];
  request(x: Incoming) { return this.onRequest(x); }
  upgrade(x: UpgradeRequest) { return this.onUpgrade(x); }
  onOpen(s: Socket<Data>) { this.opened(s); }
  onMessage(s: Socket<Data>, b: Uint8Array) { this.message(s, b); }
  onDrain(s: Socket<Data>) { this.drained(s); }
  onClose(s: Socket<Data>, code: number) { this.closed(s, code); }
  onError(e: unknown) { this.errors.push(e); }
}

const MAX_PAYLOAD = 64 * 1024;
const MAX_BODY = 256 * 1024;

export function transportConformance(name: string, load: () => Promise<Transport>): void {
  describe(`transport ${name}`, () => {
    let transport: Transport;
    let server: Listening;
    let hooks = new Hooks();
    // One listener for the suite; each test has fresh hooks.
    const router: TransportHandlers<Data> = {
      request: (x) => hooks.request(x),
      upgrade: (x) => hooks.upgrade(x),
      onOpen: (s) => hooks.onOpen(s),
      onMessage: (s, b) => hooks.onMessage(s, b),
      onDrain: (s) => hooks.onDrain(s),
      onClose: (s, c) => hooks.onClose(s, c),
      onError: (e) => hooks.onError(e),
    };

    beforeAll(async () => {
      transport = await load();
      server = await transport.listen(router, { port: 0, maxPayload: MAX_PAYLOAD, maxBody: MAX_BODY, maxBackpressure: 512 * 1024, idleTimeout: 8 });
    });
    afterAll(() => server.close());
    beforeEach(() => {
      hooks = new Hooks();
    });
    /** A connection that was upgraded, whose frames are written by hand. */
    const upgraded = async (): ReturnType<typeof tcp> => {
      const socket = await tcp(server.port);
      socket.write("GET / HTTP/1.1\r\nhost: t\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n");
      await once(socket, "data");
      return socket;
    };
    const get = (path: string, extra = ""): Promise<string> => raw(server.port, `GET ${path} HTTP/1.1\r\nhost: test\r\n${extra}\r\n`);

    describe("http", () => {
      it("T1: gives path and query as sent, not normalised", async () => {
        const seen: string[] = [];
        hooks.onRequest = (x) => {
          seen.push(x.method, x.path, x.query);
          return reply(200, [], "");
        };
        await get("/a//b/../c/%2e%2e/%00x?q=1&r=%20");
        expect(seen).toEqual(["GET", "/a//b/../c/%2e%2e/%00x", "q=1&r=%20"]);
      });

      it("T2: header() is lower-case by name, undefined when absent, and still answers after an await", async () => {
        const seen: unknown[] = [];
        hooks.onRequest = async (x) => {
          seen.push(x.header("x-one"));
          await Promise.resolve();
          seen.push(x.header("x-one"), x.header("x-two"), x.ip());
          return reply(200, [], "");
        };
        await get("/", "X-One: Uno\r\n");
        expect(seen[0]).toBe("Uno");
        expect(seen[1]).toBe("Uno");
        expect(seen[2]).toBeUndefined();
        expect(String(seen[3])).toContain("127.0.0.1".slice(0, 3));
      });

      it("T3: writes a lean reply with status, headers in order and content-length", async () => {
        hooks.onRequest = () => reply(201, ["x-a", "1", "set-cookie", "a=1", "set-cookie", "b=2"], "héllo");
        const text = await get("/");
        expect(statusOf(text)).toBe(201);
        expect(text.toLowerCase()).toContain("content-length: 6");
        expect(text).toMatch(/set-cookie: a=1\r\n[^]*set-cookie: b=2/i);
        expect(Buffer.from(text.split("\r\n\r\n")[1] ?? "", "latin1").toString()).toBe("héllo");
      });

      it("T3: HEAD reports the length and sends no body; 304 and 204 have none", async () => {
        hooks.onRequest = (x) => (x.path === "/304" ? reply(304, ["etag", '"x"'], null) : x.path === "/204" ? reply(204, [], null) : reply(200, [], "12345"));
        const head = await raw(server.port, "HEAD / HTTP/1.1\r\nhost: test\r\n\r\n", (t) => t.includes("\r\n\r\n"));
        expect(head.toLowerCase()).toContain("content-length: 5");
        expect(head.endsWith("\r\n\r\n")).toBe(true);
        for (const path of ["/304", "/204"]) {
          const text = await get(path);
          expect(statusOf(text)).toBe(Number(path.slice(1)));
          expect(text.toLowerCase()).not.toContain("content-length");
          expect(text.endsWith("\r\n\r\n")).toBe(true);
        }
      });

      it("T4: request() is a Fetch request with method, url, headers and body", async () => {
        hooks.onRequest = async (x) => {
          const request = x.request();
          const body = await request.text();
          return Response.json({ method: request.method, url: request.url, type: request.headers.get("content-type"), body });
        };
        const text = await raw(server.port, "POST /p?x=1 HTTP/1.1\r\nhost: test:81\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello");
        expect(JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1))).toEqual({ method: "POST", url: "http://test:81/p?x=1", type: "text/plain", body: "hello" });
      });

      it("T4: a header that Fetch cannot hold leaves the request possible", async () => {
        hooks.onRequest = (x) => new Response(x.request().headers.get("x-fine"));
        for (const odd of ["\u2713", "\u00e9", "a\tb", "\ud83d\ude00"]) expect(await raw(server.port, `GET / HTTP/1.1\r\nhost: t\r\nx-odd: ${odd}\r\nx-fine: ok\r\n\r\n`), odd).toMatch(/\r\nok\r\n|\r\n\r\nok|HTTP\/1.1 400/);
        expect(hooks.errors).toEqual([]);
      });

      it("T4: a body that arrives in pieces after an await is not lost", async () => {
        const gate = deferred();
        hooks.onRequest = async (x) => {
          await gate.promise;
          return new Response(await x.request().text());
        };
        const socket = await tcp(server.port);
        let got = "";
        const done = new Promise<void>((resolve) =>
          socket.on("data", (d: Buffer) => {
            got += d.toString();
            if (complete(got)) resolve();
          }),
        );
        socket.write("POST / HTTP/1.1\r\nhost: t\r\ncontent-length: 6\r\n\r\nabc");
        socket.write("def", () => gate.resolve());
        await done;
        socket.destroy();
        expect(got).toContain("abcdef");
      });

      it("T5: a body over the limit is 413, declared or chunked", async () => {
        hooks.onRequest = async (x) => new Response(String((await x.request().arrayBuffer()).byteLength));
        const declared = await raw(server.port, `POST / HTTP/1.1\r\nhost: t\r\ncontent-length: ${MAX_BODY + 1}\r\n\r\n`);
        expect(statusOf(declared)).toBe(413);
        const chunk = "x".repeat(64 * 1024);
        const chunked = await raw(server.port, `POST / HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${chunk}\r\n`.repeat(5)}0\r\n\r\n`);
        expect(statusOf(chunked)).toBe(413);
        expect(hooks.errors).toEqual([]);
      });

      it("T6: streams a response body and keeps order", async () => {
        hooks.onRequest = () =>
          new Response(
            new ReadableStream({
              async start(c) {
                for (let i = 0; i < 3; i++) {
                  c.enqueue(new TextEncoder().encode(`part${i};`));
                  await Promise.resolve();
                }
                c.close();
              },
            }),
          );
        const text = await get("/");
        expect(text.replace(/[0-9a-f]+\r\n|\r\n/g, "")).toContain("part0;part1;part2;");
      });

      it("T6: backpressure: a reader that stops stops the source; all bytes arrive once it reads on", async () => {
        const CHUNK = new Uint8Array(256 * 1024).fill(65);
        const CHUNKS = 64;
        let pulled = 0;
        hooks.onRequest = () =>
          new Response(
            new ReadableStream<Uint8Array>(
              {
                pull(c) {
                  if (pulled++ === CHUNKS) c.close();
                  else c.enqueue(CHUNK);
                },
              },
              { highWaterMark: 0 },
            ),
            { headers: { "content-length": String(CHUNK.length * CHUNKS) } },
          );
        const socket = await tcp(server.port);
        socket.pause();
        socket.write("GET / HTTP/1.1\r\nhost: t\r\n\r\n");
        // The source stops being pulled while the socket is paused: wait until the count has been still for a while of turns.
        let last = -1;
        for (let still = 0; still < 50; ) {
          await new Promise((resolve) => setImmediate(resolve));
          still = pulled === last && pulled > 0 ? still + 1 : 0;
          last = pulled;
        }
        expect(pulled).toBeLessThan(CHUNKS);
        let size = 0;
        let head = -1;
        await new Promise<void>((resolve) => {
          socket.on("data", (d: Buffer) => {
            if (head < 0) head = d.indexOf("\r\n\r\n") + 4;
            size += d.length;
            if (size - head >= CHUNK.length * CHUNKS) resolve();
          });
          socket.resume();
        });
        expect(size - head).toBe(CHUNK.length * CHUNKS);
        socket.destroy();
      });

      it("T7: a client that leaves aborts the request's signal and cancels the body", async () => {
        const started = deferred();
        const aborted = deferred();
        hooks.onRequest = async (x) => {
          const { signal } = x.request();
          signal.addEventListener("abort", () => aborted.resolve());
          started.resolve();
          await aborted.promise;
          return new Response("late");
        };
        const one = await tcp(server.port);
        one.write("GET / HTTP/1.1\r\nhost: t\r\n\r\n");
        await started.promise;
        one.destroy();
        await aborted.promise;

        const cancelled = deferred();
        hooks.onRequest = () =>
          new Response(
            new ReadableStream({
              pull(c) {
                c.enqueue(new Uint8Array(1024 * 1024));
              },
              cancel() {
                cancelled.resolve();
              },
            }),
          );
        const two = await tcp(server.port);
        two.write("GET / HTTP/1.1\r\nhost: t\r\n\r\n");
        two.once("data", () => two.destroy());
        await cancelled.promise;
        expect(hooks.errors).toEqual([]);
      });

      it("T8: a handler that throws or rejects is a 500 without detail, reported once", async () => {
        hooks.onRequest = (x) => {
          if (x.path === "/sync") throw new Error("secret");
          return Promise.reject(new Error("secret"));
        };
        for (const path of ["/sync", "/async"]) {
          const text = await get(path);
          expect(statusOf(text)).toBe(500);
          expect(text).not.toContain("secret");
        }
        expect(hooks.errors).toHaveLength(2);
      });

      it("T8: a stream that fails half-way cuts the connection", async () => {
        hooks.onRequest = () =>
          new Response(
            new ReadableStream({
              start(c) {
                c.enqueue(new TextEncoder().encode("half"));
              },
              async pull(c) {
                await new Promise((resolve) => setImmediate(resolve));
                c.error(new Error("broken"));
              },
            }),
          );
        const text = await raw(server.port, "GET / HTTP/1.1\r\nhost: t\r\n\r\n", () => false);
        expect(text.endsWith("0\r\n\r\n")).toBe(false);
      });

      it("T9: keep-alive: one connection serves several requests, also after an unread body", async () => {
        let n = 0;
        hooks.onRequest = () => reply(200, [], `r${n++}`);
        const socket = await tcp(server.port);
        let got = "";
        const two = new Promise<void>((resolve) =>
          socket.on("data", (d: Buffer) => {
            got += d.toString();
            if (got.includes("r1")) resolve();
            else if (got.includes("r0")) socket.write("GET /2 HTTP/1.1\r\nhost: t\r\n\r\n");
          }),
        );
        socket.write("POST /1 HTTP/1.1\r\nhost: t\r\ncontent-length: 4\r\n\r\nbody");
        await two;
        socket.destroy();
      });
    });

    describe("websocket", () => {
      it("T10: upgrade decides synchronously, with the data of the socket", async () => {
        const named = deferred<string>();
        hooks.onUpgrade = (x) => ({ accept: true, data: { name: `${x.path}?${x.query} ${x.header("x-who")}` } });
        hooks.opened = (s) => named.resolve(s.data.name);
        const b = await Browser.open(`${server.url}/live?t=1`, { "x-who": "me" });
        expect(await named.promise).toBe("/live?t=1 me");
        b.ws.close();
        await b.closed;
      });

      it("T10: upgrade may decide later, and may refuse with a status", async () => {
        hooks.onUpgrade = async (x) => {
          await Promise.resolve();
          return x.header("x-who") === "me" ? { accept: true, data: { name: "me" } } : { accept: false, status: 403 };
        };
        expect(await refusedStatus(server.url)).toBe(403);
        const b = await Browser.open(server.url, { "x-who": "me" });
        b.ws.close();
        await b.closed;
        hooks.onUpgrade = () => ({ accept: false, status: 404 });
        expect(await refusedStatus(server.url)).toBe(404);
        hooks.onUpgrade = () => {
          throw new Error("boom");
        };
        expect(await refusedStatus(server.url)).toBe(500);
        expect(hooks.errors).toHaveLength(1);
      });

      it("T10: compression is never negotiated", async () => {
        const b = await Browser.open(server.url);
        expect(b.ws.extensions).toBe("");
        b.ws.close();
        await b.closed;
      });

      it("T11: echoes binary messages in order and reports each close once", async () => {
        let closes = 0;
        const closed = deferred<number>();
        hooks.message = (s, bytes) => void s.send(bytes);
        hooks.closed = (_, code) => {
          closes++;
          closed.resolve(code);
        };
        const b = await Browser.open(server.url);
        for (let i = 0; i < 100; i++) b.ws.send(Buffer.from([i, i + 1]));
        await b.got(100);
        expect(b.messages.map((m) => m[0])).toEqual(Array.from({ length: 100 }, (_, i) => i));
        b.ws.close(1000);
        await b.closed;
        expect(await closed.promise).toBe(1000);
        expect(closes).toBe(1);
      });

      it("T12: the buffer given to send may be reused at once", async () => {
        const b = await Browser.open(server.url);
        const buffer = new Uint8Array(64 * 1024);
        hooks.message = (s) => {
          for (let i = 0; i < 20; i++) {
            buffer.fill(i);
            s.send(buffer);
          }
          buffer.fill(255);
        };
        b.ws.send(Buffer.from([1]));
        await b.got(20);
        b.messages.forEach((m, i) => expect(m.every((x) => x === i)).toBe(true));
        b.ws.close();
        await b.closed;
      });

      it("T13: a message over maxPayload closes the socket and is not delivered; one of that size is", async () => {
        const sizes: number[] = [];
        hooks.message = (s, bytes) => {
          sizes.push(bytes.length);
          s.send(new Uint8Array(1));
        };
        const b = await Browser.open(server.url);
        b.ws.send(new Uint8Array(MAX_PAYLOAD));
        await b.got(1);
        b.ws.send(new Uint8Array(MAX_PAYLOAD + 1));
        await b.closed;
        expect(sizes).toEqual([MAX_PAYLOAD]);
      });

      it("T13: a text message closes with 1003", async () => {
        hooks.message = () => {
          throw new Error("not reached");
        };
        const b = await Browser.open(server.url);
        b.ws.send("text");
        expect((await b.closed).code).toBe(1003);
        expect(hooks.errors).toEqual([]);
      });

      it("T14: a slow reader: send says buffered, then dropped; drain follows; nothing accepted is lost", async () => {
        const opened = deferred<Socket<Data>>();
        hooks.opened = (s) => opened.resolve(s);
        const drained = deferred();
        const b = await Browser.open(server.url);
        const socket = await opened.promise;
        (b.ws as unknown as { _socket: { pause(): void; resume(): void } })._socket.pause();
        const chunk = new Uint8Array(128 * 1024);
        let accepted = 0;
        let result = socket.send(chunk);
        const seen = new Set<string>([result]);
        while (result !== "dropped" && accepted < 1000) {
          accepted++;
          result = socket.send(chunk);
          seen.add(result);
        }
        expect(seen).toContain("buffered");
        expect(result).toBe("dropped");
        expect(socket.buffered()).toBeGreaterThan(0);
        hooks.drained = (s) => {
          if (s.buffered() === 0) drained.resolve();
        };
        (b.ws as unknown as { _socket: { resume(): void } })._socket.resume();
        await drained.promise;
        await b.got(accepted);
        expect(b.messages).toHaveLength(accepted);
        b.ws.close();
        await b.closed;
      });

      it("T15: close(code, reason) reaches the client; afterwards the socket is inert", async () => {
        const gone = deferred<Socket<Data>>();
        hooks.message = (s) => s.close(4001, "bye");
        hooks.closed = (s) => gone.resolve(s);
        const b = await Browser.open(server.url);
        b.ws.send(Buffer.from([1]));
        expect(await b.closed).toEqual({ code: 4001, reason: "bye" });
        const s = await gone.promise;
        expect(s.send(new Uint8Array(1))).toBe("dropped");
        expect(s.buffered()).toBe(0);
        s.close();
        let ran = 0;
        s.cork(() => ran++);
        expect(ran).toBe(1);
      });

      it("T23: what was sent before a close arrives before it, small and large, in order", async () => {
        hooks.message = (s) => {
          s.send(Uint8Array.of(1));
          s.send(new Uint8Array(2000).fill(2));
          s.send(Uint8Array.of(3));
          s.close(4002, "done");
          expect(s.send(Uint8Array.of(4))).toBe("dropped");
        };
        const b = await Browser.open(server.url);
        b.ws.send(Buffer.from([1]));
        expect(await b.closed).toEqual({ code: 4002, reason: "done" });
        expect(b.messages.map((m) => m[0])).toEqual([1, 2, 3]);
        expect(hooks.errors).toEqual([]);
      });

      it("T16: cork runs its function at once and all it sent arrives", async () => {
        const opened = deferred<Socket<Data>>();
        hooks.opened = (s) => opened.resolve(s);
        const b = await Browser.open(server.url);
        const s = await opened.promise;
        s.cork(() => {
          for (let i = 0; i < 10; i++) s.send(Uint8Array.of(i));
        });
        await b.got(10);
        b.ws.close();
        await b.closed;
      });

      it("T17: a handler that throws closes that socket with 1011 and leaves the others", async () => {
        hooks.message = (s, bytes) => {
          if (bytes[0] === 0) throw new Error("boom");
          s.send(bytes);
        };
        const [bad, good] = await Promise.all([Browser.open(server.url), Browser.open(server.url)]);
        bad.ws.send(Buffer.from([0]));
        expect((await bad.closed).code).toBe(1011);
        expect(hooks.errors).toHaveLength(1);
        good.ws.send(Buffer.from([7]));
        await good.got(1);
        good.ws.close();
        await good.closed;
      });

      it("T18: malformed frames close the socket only", async () => {
        const closed = deferred();
        hooks.closed = () => closed.resolve();
        const socket = await upgraded();
        socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
        await closed.promise;
        socket.destroy();
        hooks.onRequest = () => reply(200, [], "alive");
        expect(await get("/")).toContain("alive");
      });

      it.each([["pings", 0x89], ["pongs", 0x8a]] as const)("T24: a socket that sends too many %s is closed, one that sends some is not", async (_, opcode) => {
        const frames = (count: number): Buffer => Buffer.alloc(6 * count, Buffer.from([opcode, 0x80, 0, 0, 0, 0]));
        const got = deferred();
        hooks.message = () => got.resolve();
        const [some, many] = [await upgraded(), await upgraded()];
        // What is read at once may be answered at once: ws answers 60 pings at a time.
        some.write(frames(50));
        many.resume().write(frames(5000));
        await gone(many);
        some.write(Buffer.from([0x82, 0x81, 0, 0, 0, 0, 7]));
        await got.promise;
        some.destroy();
      });

      it("T24: a socket that was closed and goes on sending is cut; what was on its way does no harm", async () => {
        let handled = 0;
        hooks.message = (s) => {
          handled++;
          s.close(4001, "enough");
        };
        const closed = [deferred(), deferred()];
        let ended = 0;
        hooks.closed = () => closed[ended++]?.resolve();
        const frames = (count: number): Buffer => Buffer.alloc(7 * count, Buffer.from([0x82, 0x81, 0, 0, 0, 0, 1]));
        const [polite, rude] = [await upgraded(), await upgraded()];
        // Its messages were under way; then it answers the close.
        const told = once(polite, "data");
        polite.write(frames(20));
        const [frame] = (await told) as [Buffer];
        expect(frame.readUInt16BE(2)).toBe(4001);
        polite.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x0f, 0xa1]));
        await closed[0]?.promise;
        // Never answers, never stops.
        const flood = setInterval(() => rude.write(frames(100)), 1);
        rude.resume();
        await gone(rude);
        clearInterval(flood);
        await closed[1]?.promise;
        expect(handled).toBe(2);
        polite.destroy();
      });

      it("T19: a peer that neither sends nor answers pings is closed after the idle timeout", { timeout: 30_000 }, async () => {
        const closed = deferred();
        hooks.closed = () => closed.resolve();
        const socket = await upgraded();
        socket.resume();
        await closed.promise;
        socket.destroy();
      });
    });

    describe("life cycle", () => {
      it("T20: a taken port is VANGO_PORT_TAKEN", async () => {
        await expect(transport.listen(router, { port: server.port })).rejects.toMatchObject({ code: "VANGO_PORT_TAKEN" });
      });

      it("T20: a port whose former server closed its connections (TIME_WAIT) is free", async () => {
        const former = await transport.listen(router, { port: await freePort() });
        // The server is the first to close, so the connection lingers on its side.
        const lingering = await tcp(former.port);
        lingering.write("GET / HTTP/1.1\r\nhost: t\r\n\r\n");
        await once(lingering, "data");
        const gone = once(lingering, "close");
        await former.close();
        await gone;
        const next = await transport.listen(router, { port: former.port });
        await expect(transport.listen(router, { port: former.port })).rejects.toMatchObject({ code: "VANGO_PORT_TAKEN" });
        await next.close();
      });

      it("T20: an address that is not ours is VANGO_LISTEN_FAILED", async () => {
        await expect(transport.listen(router, { port: 0, host: "192.0.2.1" })).rejects.toMatchObject({ code: "VANGO_LISTEN_FAILED" });
      });

      it("T21: close() ends sockets with 1001, lets a request under way finish and frees the port", async () => {
        const other = await transport.listen(router, { port: await freePort() });
        const gate = deferred();
        const started = deferred();
        hooks.onRequest = async () => {
          started.resolve();
          await gate.promise;
          return reply(200, [], "finished");
        };
        const b = await Browser.open(other.url);
        const response = raw(other.port, "GET / HTTP/1.1\r\nhost: t\r\n\r\n");
        await started.promise;
        const closing = other.close();
        expect((await b.closed).code).toBe(1001);
        gate.resolve();
        expect(await response).toContain("finished");
        await closing;
        const again = await transport.listen(router, { port: other.port });
        await again.close();
      });
    });
  });
}
