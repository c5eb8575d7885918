/**
 * The app on real sockets, on each transport (SPEC.md H17–H20; scenarios 39, 69, 74).
 */
import { decodePayload } from "@vango/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListeningApp } from "../../src/app-options.js";
import { loadUws } from "../../src/transport/uws-load.js";
import { Browser, complete, raw, refusedStatus, statusOf } from "../transport/client.js";
import { page, testApp, type TestApp } from "./helper.js";

const uws = await loadUws();

for (const transport of uws === undefined ? (["ws"] as const) : (["uws", "ws"] as const)) {
  describe(`app on ${transport}`, () => {
    let app: TestApp;
    let server: ListeningApp;
    let cookie = "";
    beforeAll(async () => {
      app = testApp([page("/", () => "home"), page("/a/c", () => "ac"), { path: "/api/echo", load: () => Promise.resolve({ POST: (_c: unknown, body: unknown) => body }) }], {
        limits: { messageBytes: 1000, joinBytes: 5000, apiBodyBytes: 2000, requestBodyBytes: 10_000 },
      });
      server = await app.listen({ port: 0, transport });
      const response = await fetch(`${server.url}/`);
      cookie = (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
      expect(await response.text()).toContain("<main>home</main>");
    });
    afterAll(() => server.close());

    const request = (line: string): Promise<string> => raw(server.port, `${line} HTTP/1.1\r\nhost: t\r\n\r\n`, complete);
    const live = (): string => `${server.url}/_vango/live`;
    const good = (): Record<string, string> => ({ cookie, origin: server.url });

    it("H17: the path is judged as it was sent", async () => {
      const moved = await request("GET /a//b/../c/?q=1");
      expect(statusOf(moved)).toBe(308);
      expect(moved).toMatch(/location: \/a\/c\?q=1\r\n/i);
      for (const path of ["/..", "/a/../../x", "/%2e%2e/x", "/a%2Fc", "/a\\c", "/a%00", "/%zz"]) expect(statusOf(await request(`GET ${path}`)), path).toBe(400);
      expect(statusOf(await request("GET /a/c"))).toBe(200);
    });

    it("H17: unknown methods are 501, a write to nothing is 404", async () => {
      expect(statusOf(await request("TRACE /"))).toBe(501);
      expect(statusOf(await request("POST /nowhere"))).toBe(404);
      expect(statusOf(await request("POST /"))).toBe(405);
    });

    it("H18: an API answers JSON, and 413 and 415 with codes", async () => {
      const post = (body: string, type = "application/json"): Promise<Response> => fetch(`${server.url}/api/echo`, { method: "POST", body, headers: { "content-type": type, origin: server.url } });
      expect(await (await post('{"a":1}')).json()).toEqual({ a: 1 });
      const big = await post(JSON.stringify("x".repeat(3000)));
      expect(big.status).toBe(413);
      expect(await big.json()).toMatchObject({ code: "VANGO_BODY_TOO_LARGE" });
      expect((await post("x", "text/plain")).status).toBe(415);
      expect((await post(JSON.stringify("x".repeat(20_000)))).status).toBe(413);
    });

    it("H19: a socket needs this origin and a cookie of ours, at the right address", async () => {
      expect(await refusedStatus(live(), { cookie })).toBe(403);
      expect(await refusedStatus(live(), { cookie, origin: "http://evil.example" })).toBe(403);
      expect(await refusedStatus(`${server.url}/other`, good())).toBe(404);
      const before = app.recorded.opened.length;
      const b = await Browser.open(live(), good());
      expect(app.recorded.opened).toHaveLength(before + 1);
      expect(app.recorded.opened.at(-1)?.data).toMatchObject({ browser: app.http.cookie.read(cookie), origin: server.url });
      expect(app.recorded.opened.at(-1)?.data.ip).not.toBe("");
      b.ws.close();
      await b.closed;
    });

    it.each([["none", undefined], ["a forged one", "vango=forged.forged"]])("H19: VANGO_COOKIE_MISSING: with %s the page is told to load again, and no session hears of the socket", async (_, forged) => {
      const before = app.recorded.opened.length;
      const b = await Browser.open(live(), { origin: server.url, ...(forged === undefined ? {} : { cookie: forged }) });
      b.ws.send(new Uint8Array([1, 2, 3]));
      expect(await b.closed).toEqual({ code: 1008, reason: "VANGO_COOKIE_MISSING" });
      expect(decodePayload(b.messages[0] ?? new Uint8Array(), 1)).toMatchObject({ code: "VANGO_COOKIE_MISSING", reload: true });
      expect(app.recorded.opened).toHaveLength(before);
    });

    it("H20: only JOIN may exceed messageBytes, and nothing joinBytes", async () => {
      app.recorded.onMessage = (socket, bytes) => void socket.send(bytes.slice(0, 1));
      const b = await Browser.open(live(), good());
      const join = new Uint8Array(4000);
      join[0] = 1;
      b.ws.send(join);
      await b.got(1);
      const event = new Uint8Array(4000);
      event[0] = 2;
      b.ws.send(event);
      expect((await b.closed).code).toBe(1009);
      expect(app.recorded.messages.at(-1)?.[0]).toBe(1);
      const c = await Browser.open(live(), good());
      c.ws.send(new Uint8Array(5001).fill(1));
      await c.closed;
      expect(app.recorded.messages.at(-1)?.[0]).toBe(1);
    });

    it("H11: after drain no socket is taken and no connection accepted", async () => {
      const other = testApp([page("/", () => "home")]);
      const second = await other.listen({ port: 0, transport });
      await other.drain();
      await expect(fetch(`${second.url}/`)).rejects.toThrow();
      await second.close();
    });
  });
}
