/**
 * API routes (SPEC.md R17–R20).
 */
import { describe, expect, it } from "vitest";
import { callApi } from "../../src/router/api.js";
import { HttpError } from "../../src/router/http-error.js";
import { RequestContext } from "../../src/router/request-ctx.js";
import { createRouter } from "../../src/router/resolve.js";
import type { RequestCtx } from "../../src/router/types.js";

const LIMIT = 1024;

async function call(module: object, init: RequestInit & { duplex?: "half" } = {}): Promise<{ status: number; body: unknown; response: Response; errors: unknown[] }> {
  const errors: unknown[] = [];
  const router = createRouter({ buildId: "b", routes: [{ path: "/api/x/[id:int]", kind: "api", load: () => Promise.resolve(module) }] });
  const match = await router.resolve("/api/x/7", "");
  if (match.kind !== "api") throw new Error(match.kind);
  const response = await callApi(match, new RequestContext(new Request("http://t/api/x/7", init), match.params), { bodyLimit: LIMIT, onError: (e) => errors.push(e) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown), response, errors };
}

const json = (value: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(value), headers: { "content-type": "application/json" } });

describe("callApi", () => {
  it("R17: a value is JSON, undefined is 204, a Response passes", async () => {
    const r = await call({ GET: (ctx: RequestCtx) => ({ id: ctx.params["id"] }) });
    expect(r.status).toBe(200);
    expect(r.body).toEqual({ id: 7 });
    expect(r.response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect((await call({ GET: () => undefined })).status).toBe(204);
    expect((await call({ GET: () => null })).body).toBeNull();
    expect((await call({ GET: () => new Response("1", { status: 201 }) })).status).toBe(201);
  });

  it("R17: what is not JSON is VANGO_API_RESULT on the server and generic to the caller", async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const value of [cycle, 1n, () => 1]) {
      const r = await call({ GET: () => value });
      expect(r.status).toBe(500);
      expect(r.body).toMatchObject({ code: "VANGO_API_FAILED" });
      expect(r.errors).toMatchObject([{ code: "VANGO_API_RESULT" }]);
    }
  });

  it("R18: a second parameter is the parsed body; a missing content-type is JSON too", async () => {
    const module = { POST: (_ctx: RequestCtx, body: unknown) => ({ got: body }) };
    expect((await call(module, json({ a: [1] }))).body).toEqual({ got: { a: [1] } });
    expect((await call(module, { method: "POST", body: new TextEncoder().encode('{"b":1}') })).body).toEqual({ got: { b: 1 } });
    expect((await call(module, { method: "POST" })).body).toEqual({});
    const own = { POST: async (ctx: RequestCtx) => ({ own: (await ctx.request.json()) as unknown }) };
    expect((await call(own, json(5))).body).toEqual({ own: 5 });
  });

  it("R18: broken JSON is 400, also when the function parses it itself", async () => {
    const init: RequestInit = { method: "POST", body: "{", headers: { "content-type": "application/json" } };
    for (const POST of [(_c: RequestCtx, b: unknown) => b, async (c: RequestCtx) => (await c.request.json()) as unknown]) {
      const r = await call({ POST }, init);
      expect(r.status).toBe(400);
      expect(r.body).toMatchObject({ code: "VANGO_API_BODY" });
      expect(r.errors).toEqual([]);
    }
  });

  it("R18: a body that breaks off is nobody's mistake here and is not reported; one that middleware has read is", async () => {
    const POST = (_c: RequestCtx, b: unknown): unknown => b;
    const broken = new ReadableStream<Uint8Array>({ start: (c) => c.error(new Error("aborted")) });
    const r = await call({ POST }, { method: "POST", body: broken, duplex: "half", headers: { "content-type": "application/json", "content-length": "5" } });
    expect([r.status, r.errors]).toEqual([400, []]);
    const read = new Request("http://t/api/x/7", json(1));
    await read.text();
    const errors: unknown[] = [];
    const router = createRouter({ buildId: "b", routes: [{ path: "/api/x/[id:int]", kind: "api", load: () => Promise.resolve({ POST }) }] });
    const match = await router.resolve("/api/x/7", "");
    if (match.kind !== "api") throw new Error(match.kind);
    expect((await callApi(match, new RequestContext(read, match.params), { bodyLimit: LIMIT, onError: (e) => errors.push(e) })).status).toBe(500);
    expect(errors).toHaveLength(1);
  });

  it("R18: another media type is 415 unless the module accepts it", async () => {
    const init: RequestInit = { method: "POST", body: "x", headers: { "content-type": "text/plain" } };
    const POST = async (ctx: RequestCtx): Promise<string> => ctx.request.text();
    const r = await call({ POST }, init);
    expect(r.status).toBe(415);
    expect(r.body).toMatchObject({ code: "VANGO_API_MEDIA_TYPE" });
    expect((await call({ POST, accepts: ["text/plain"] }, init)).body).toBe("x");
    expect((await call({ POST }, { ...init, headers: { "content-type": "application/problem+json; charset=utf-8" } })).status).toBe(200);
  });

  it("R18: a body over the limit is 413, declared or streamed", async () => {
    const POST = async (ctx: RequestCtx): Promise<number> => (await ctx.request.text()).length;
    const big = JSON.stringify("x".repeat(LIMIT));
    const declared = await call({ POST }, { ...json(0), body: big, headers: { "content-type": "application/json", "content-length": String(big.length) } });
    expect(declared.status).toBe(413);
    const stream = new ReadableStream<Uint8Array>({
      pull(c) {
        c.enqueue(new Uint8Array(300));
      },
    });
    const streamed = await call({ POST: async (ctx: RequestCtx) => (await ctx.request.arrayBuffer()).byteLength }, { method: "POST", body: stream, duplex: "half" });
    expect(streamed.status).toBe(413);
    expect(streamed.body).toMatchObject({ code: "VANGO_BODY_TOO_LARGE" });
  });

  it("R19: HEAD falls back to GET; OPTIONS and 405 name what is allowed", async () => {
    const module = { GET: () => 1, POST: () => 2 };
    expect((await call(module, { method: "HEAD" })).status).toBe(200);
    const options = await call(module, { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    const r = await call(module, { method: "DELETE" });
    expect(r.status).toBe(405);
    expect(r.response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    expect(r.body).toMatchObject({ code: "VANGO_API_METHOD" });
  });

  it("R20: HttpError chooses status, message and code; anything else is a generic 500", async () => {
    const r = await call({
      GET: () => {
        throw new HttpError(409, "Taken.", "NAME_TAKEN");
      },
    });
    expect(r.status).toBe(409);
    expect(r.body).toEqual({ error: "Taken.", code: "NAME_TAKEN" });
    const secret = await call({ GET: () => Promise.reject(new Error("password in text")) });
    expect(secret.status).toBe(500);
    expect(JSON.stringify(secret.body)).not.toContain("password");
    expect(secret.errors).toHaveLength(1);
    expect(() => new HttpError(200, "x")).toThrow(RangeError);
  });
});
