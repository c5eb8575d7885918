/**
 * Requests that a browser never sends, on each transport (SPEC.md T4, T10, T25, T26): hosts that are none, offers of another protocol, heads
 * and bodies whose end cannot be told.
 */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { reply } from "../../src/transport/reply.js";
import type { Listening, Transport } from "../../src/transport/transport.js";
import { uwsTransport } from "../../src/transport/uws.js";
import { loadUws } from "../../src/transport/uws-load.js";
import { wsTransport } from "../../src/transport/ws.js";
import { complete, gone, raw, tcp } from "./client.js";

const uws = await loadUws();
const transports: readonly Transport[] = [...(uws === undefined ? [] : [uwsTransport(uws)]), wsTransport()];
const nothing = (): void => undefined;

describe.each(transports.map((t) => [t.name, t] as const))("requests on %s", (_, transport) => {
  let server: Listening;
  const errors: unknown[] = [];
  beforeAll(async () => {
    server = await transport.listen(
      {
        request: async (x) => x.path === "/host" ? new Response(new URL(x.request().url).host) : reply(200, [], `${x.method} ${x.path}?${x.query} ${String(x.header("x-last"))} ${x.method === "POST" ? await x.request().text() : ""}`),
        upgrade: () => ({ accept: false, status: 418 }),
        onOpen: nothing,
        onMessage: nothing,
        onDrain: nothing,
        onClose: nothing,
        onError: (error) => void errors.push(error),
      },
      { port: 0 },
    );
  });
  afterAll(() => server.close());

  it("T4: a malformed Host leaves the request possible", async () => {
    for (const host of ["a b", "a/b", "a:99999999", "@x"]) expect(await raw(server.port, `GET /host HTTP/1.1\r\nhost: ${host}\r\n\r\n`), host).toMatch(/_invalid_|HTTP\/1.1 400/);
    expect(errors).toEqual([]);
  });

  it("T10: an offer of another protocol than WebSocket is left unanswered, the request served, body and connection too", async () => {
    const offer = "host: t\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    expect(await raw(server.port, `GET /a?b HTTP/1.1\r\n${offer}x-last: z\r\n\r\n`, complete)).toMatch(/^HTTP\/1\.1 200 [^]*GET \/a\?b z $/);
    const two = `POST /p HTTP/1.1\r\n${offer}content-length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nhost: t\r\n\r\n`;
    const both = await raw(server.port, two, (got) => got.includes("GET /next"));
    expect(both).toContain("POST /p? undefined hello");
    expect(both.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  it.each([
    ["two lengths", "content-length: 5\r\ncontent-length: 6\r\n", "hello!"],
    ["one length twice", "content-length: 5\r\ncontent-length: 5\r\n", "hello"],
    ["a list of lengths", "content-length: 5, 5\r\n", "hello"],
    ["a signed length", "content-length: +5\r\n", "hello"],
    ["a length in hex", "content-length: 0x5\r\n", "hello"],
    ["a length and an encoding", "content-length: 5\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n"],
    ["an encoding and a length", "transfer-encoding: chunked\r\ncontent-length: 5\r\n", "0\r\n\r\n"],
    ["an encoding that is none", "transfer-encoding: xchunked\r\n", "0\r\n\r\n"],
    ["a list of encodings", "transfer-encoding: chunked, identity\r\n", "0\r\n\r\n"],
    ["two encodings", "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n", "0\r\n\r\n"],
  ])("T26: a request with %s is refused, and nothing more is read of its connection", async (_what, headers, body) => {
    const got = await raw(server.port, `POST /p HTTP/1.1\r\nhost: t\r\n${headers}\r\n${body}GET /smuggled HTTP/1.1\r\nhost: t\r\n\r\n`, () => false);
    expect(got).toMatch(/^HTTP\/1\.1 400 |^$/);
    expect(got).not.toContain("/smuggled");
  });

  it("T26: a body with one length, or in chunks, is served", async () => {
    expect(await raw(server.port, "POST /p HTTP/1.1\r\nhost: t\r\ncontent-length: 5\r\n\r\nhello", complete)).toContain("hello");
    expect(await raw(server.port, "POST /p HTTP/1.1\r\nhost: t\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", complete)).toContain("hello");
  });
});

// Waiting costs nothing: all transports at once.
it("T25: a request head that does not end cuts its connection, however busily it comes; others are served meanwhile", { timeout: 20_000 }, async () => {
  await Promise.all(transports.map(async (transport) => {
    const server = await transport.listen({ request: (x) => reply(200, [], x.path), upgrade: () => ({ accept: false, status: 418 }), onOpen: nothing, onMessage: nothing, onDrain: nothing, onClose: nothing, onError: nothing }, { port: 0 });
    onTestFinished(() => server.close());
    const slow = await tcp(server.port);
    slow.resume();
    const ended = gone(slow);
    slow.write("GET / HTTP/1.1\r\nhost: t\r\n");
    const drip = setInterval(() => slow.write("x-a: b\r\n"), 500);
    expect(await raw(server.port, "GET /other HTTP/1.1\r\nhost: t\r\n\r\n", complete)).toContain("/other");
    await ended;
    clearInterval(drip);
  }));
});
