/**
 * The framework's own addresses, static files, base path, limits and options (SPEC.md H10–H16; scenarios 69, 78).
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diagnostics, type HttpMessage } from "../../src/diagnostics.js";
import { SERVER_ERRORS } from "../../src/errors.js";
import { readClientBundle } from "../../src/http/client-asset.js";
import { isFingerprinted } from "../../src/http/static-files.js";
import { CLIENT, page, SECRET, testApp } from "./helper.js";

const home = page("/", () => "home");

describe("client script", () => {
  it("H10: is immutable, validated and compressed beforehand", async () => {
    const app = testApp([home]);
    const src = /src="([^"]+)"/.exec((await app.get("/")).text)?.[1] ?? "";
    const plain = await app.fetch(new Request(`http://t${src}`));
    expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(plain.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(new Uint8Array(await plain.arrayBuffer())).toEqual(CLIENT);
    for (const [accept, decode] of [["gzip, br", brotliDecompressSync], ["gzip;q=1, br;q=0", gunzipSync]] as const) {
      const packed = await app.fetch(new Request(`http://t${src}`, { headers: { "accept-encoding": accept } }));
      expect(packed.headers.get("vary")).toBe("accept-encoding");
      expect(new Uint8Array(decode(Buffer.from(await packed.arrayBuffer())))).toEqual(CLIENT);
      const again = await app.fetch(new Request(`http://t${src}`, { headers: { "accept-encoding": accept, "if-none-match": packed.headers.get("etag") ?? "" } }));
      expect(again.status).toBe(304);
    }
    const unknown = await app.get("/_vango/client.0000000000000000.js");
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain(SERVER_ERRORS.VANGO_NOT_FOUND.message);
  });
});

describe("missing client", () => {
  it("H10: a client that was not built is VANGO_CLIENT_MISSING", () => {
    expect(() => readClientBundle(() => ({ entry: "/absent/entry.js", more: "/absent/more.js" }))).toThrow(expect.objectContaining({ code: "VANGO_CLIENT_MISSING" }));
  });
});

describe("health", () => {
  it("H11: healthz answers while the process lives; readyz turns to 503 on drain", async () => {
    const app = testApp([home]);
    expect(await app.get("/_vango/healthz")).toMatchObject({ status: 200, text: "ok" });
    expect((await app.get("/_vango/readyz")).status).toBe(200);
    await app.drain();
    expect(app.recorded.drains).toBe(1);
    expect((await app.get("/_vango/readyz")).status).toBe(503);
    expect((await app.get("/_vango/healthz")).status).toBe(200);
  });

  it("H21: a tool's page under /_vango/devtools is an ordinary route", async () => {
    expect((await testApp([page("/_vango/devtools", () => "panel")]).get("/_vango/devtools")).text).toContain("panel");
    expect((await testApp([]).get("/_vango/devtools")).status).toBe(404);
  });

  it("H11: a plain GET of the socket's address is 426", async () => {
    expect((await testApp([home]).get("/_vango/live")).status).toBe(426);
  });
});

describe("static files", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "vango-static-"));
    const root = join(dir, "public");
    mkdirSync(join(root, "assets"), { recursive: true });
    mkdirSync(join(root, ".well-known"));
    writeFileSync(join(dir, "secret.txt"), "TOP-SECRET");
    writeFileSync(join(root, ".env"), "TOP-SECRET");
    writeFileSync(join(root, ".well-known", "x.txt"), "known");
    writeFileSync(join(root, "robots.txt"), "robots");
    writeFileSync(join(root, "with space.txt"), "space");
    writeFileSync(join(root, "assets", "app-D1wrgTda.css"), "body{}");
    writeFileSync(join(root, "assets", "app-D1wrgTda.css.br"), "packed");
    writeFileSync(join(root, "big.bin"), new Uint8Array(400 * 1024).fill(7));
    symlinkSync(join(dir, "secret.txt"), join(root, "link.txt"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  for (const dev of [false, true]) {
    describe(dev ? "development" : "production", () => {
      const app = () => testApp([home], { publicDir: join(dir, "public"), dev });

      it("H12: serves type, length and validator, and 304 afterwards", async () => {
        const first = await app().get("/robots.txt");
        expect(first).toMatchObject({ status: 200, text: "robots" });
        expect(first.headers.get("content-type")).toBe("text/plain; charset=utf-8");
        expect(first.headers.get("cache-control")).toBe(dev ? "no-cache" : "public, max-age=3600, must-revalidate");
        expect((await app().get("/robots.txt", { "if-none-match": first.headers.get("etag") ?? "" })).status).toBe(304);
        expect((await app().get("/with%20space.txt")).text).toBe("space");
        expect((await app().get("/.well-known/x.txt")).text).toBe("known");
      });

      it("H12: a large file is streamed with its length", async () => {
        const response = await app().fetch(new Request("http://t/big.bin"));
        expect(response.headers.get("content-length")).toBe(String(400 * 1024));
        expect((await response.arrayBuffer()).byteLength).toBe(400 * 1024);
      });

      it("H12: takes the precompressed sibling", async () => {
        const packed = await app().get("/assets/app-D1wrgTda.css", { "accept-encoding": "br" });
        expect(packed.text).toBe("packed");
        expect(packed.headers.get("content-encoding")).toBe("br");
        expect((await app().get("/assets/app-D1wrgTda.css")).text).toBe("body{}");
      });

      it("H13: never leaves the folder, never serves dotfiles", async () => {
        for (const path of ["/.env", "/link.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets", "/assets%2fapp-D1wrgTda.css", "/x/.env"]) {
          const { status, text } = await app().get(path);
          expect(status, path).not.toBe(200);
          expect(text, path).not.toContain("TOP-SECRET");
        }
      });
    });
  }

  it("H12: a fingerprinted name is immutable", async () => {
    const { headers } = await testApp([home], { publicDir: join(dir, "public") }).get("/assets/app-D1wrgTda.css");
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    for (const name of ["index-D1wrgTda.js", "app.3f9c2a71.css", "chunk-0a1b2c3d4e5f.js", "app.k3f09a1czz.css"]) expect(isFingerprinted(name), name).toBe(true);
    for (const name of ["hero-landscape.jpg", "jquery.min.js", "report-20251122.pdf", "manifest.json", "my-homepage.html"]) expect(isFingerprinted(name), name).toBe(false);
  });

  it("H12: a folder that is not there is an error at start", () => {
    expect(() => testApp([home], { publicDir: join(dir, "none") })).toThrow("VANGO_BAD_OPTION");
  });
});

describe("base path", () => {
  it("H14: pages, script, health and files stand under it; the script knows it", async () => {
    const app = testApp([home], { basePath: "/app" });
    const { status, text } = await app.get("/app");
    expect(status).toBe(200);
    expect(text).toMatch(/<script defer src="\/app\/_vango\/client\.[0-9a-f]+\.js" data-base="\/app">/);
    expect((await app.get("/app/_vango/healthz")).status).toBe(200);
    expect((await app.get("/_vango/healthz")).status).toBe(404);
    expect((await app.get("/")).status).toBe(404);
  });
});

describe("limits and options", () => {
  it("H15: a target over targetBytes is 414", async () => {
    expect((await testApp([home], { limits: { targetBytes: 20 } }).get(`/?${"x".repeat(30)}`)).status).toBe(414);
  });

  it.each([
    [{ limits: { nonsense: 1 } }, "VANGO_UNKNOWN_LIMIT"],
    [{ limits: { turnMs: 0 } }, "VANGO_BAD_LIMIT"],
    [{ limits: { turnMs: 1.5 } }, "VANGO_BAD_LIMIT"],
    [{ secret: "short" }, "VANGO_WEAK_SECRET"],
    [{ secret: [] }, "VANGO_WEAK_SECRET"],
    [{ basePath: "app" }, "VANGO_BAD_OPTION"],
    [{ basePath: "/app/" }, "VANGO_BAD_OPTION"],
    [{ publicOrigin: "example.org" }, "VANGO_BAD_OPTION"],
    [{ publicOrigin: "https://example.org/" }, "VANGO_BAD_OPTION"],
  ])("H15: %j is refused when the app is made", (options, code) => {
    expect(() => testApp([home], options as never)).toThrow(code);
  });

  it("H16: a write from another origin is refused; without Origin, from no browser, it passes", async () => {
    let calls = 0;
    const api = { path: "/api/x", kind: "api", load: () => Promise.resolve({ POST: () => ++calls }) } as const;
    const app = testApp([api], { secret: [SECRET] });
    const post = (headers: Record<string, string>): Promise<Response> => app.fetch(new Request("http://test.local/api/x", { method: "POST", headers }));
    const refused = await post({ origin: "http://evil.example" });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("VANGO_ORIGIN_REFUSED");
    expect((await post({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await post({ origin: "null" })).status).toBe(403);
    expect(calls).toBe(0);
    expect((await post({ origin: "http://test.local" })).status).toBe(200);
    expect((await post({})).status).toBe(200);
    expect(calls).toBe(2);
  });

  it("H16: an API parameter that does not fit is 400 with a code", async () => {
    const app = testApp([{ path: "/api/u/[id:int]", kind: "api", load: () => Promise.reject(new Error("must not load")) }]);
    const { status, text } = await app.get("/api/u/abc");
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: "VANGO_BAD_PARAM" });
  });
});

describe("diagnostics", () => {
  it("D1: vango:http tells method, path, status and time to those who listen", async () => {
    const seen: HttpMessage[] = [];
    const stop = diagnostics.http.subscribe((m) => seen.push(m));
    const app = testApp([home]);
    await app.get("/?q=1");
    stop();
    await app.get("/");
    expect(seen).toMatchObject([{ method: "GET", path: "/", status: 200 }]);
    expect(diagnostics.http.watched).toBe(false);
  });
});

describe("compression of pages", () => {
  const long = page("/long", () => "0123456789".repeat(1000));
  it("H22: a page of some size leaves compressed by what the client takes, a small one as it is", async () => {
    const app = testApp([home, long]);
    const plain = (await app.get("/long")).text;
    for (const [encoding, decode] of [["br", brotliDecompressSync], ["gzip", gunzipSync]] as const) {
      const reply = await app.fetch(new Request("http://t/long", { headers: { "accept-encoding": encoding } }));
      expect(reply.headers.get("content-encoding")).toBe(encoding);
      expect(reply.headers.get("vary")).toBe("accept-encoding");
      const text = decode(Buffer.from(await reply.arrayBuffer())).toString();
      expect(text.replace(/<script type="application\/vango".*/, "")).toBe(plain.replace(/<script type="application\/vango".*/, ""));
    }
    expect((await app.fetch(new Request("http://t/", { headers: { "accept-encoding": "br" } }))).headers.get("content-encoding")).toBeNull();
  });
});
