// Checks of what a browser gets by HTTP: headers, cookies, foreign writes, paths, sizes, error detail.

import { gzipSync } from "node:zlib";
import { fail, must, note, ok, type Check } from "./check.js";

export const HTTP_CHECKS: readonly Check[] = [
  {
    name: "csp",
    risk: "injected markup runs as script",
    async run(_target, { response }) {
      const policy = response.headers.get("content-security-policy");
      if (policy === null) return fail("the page has no Content-Security-Policy");
      const script = /(?:^|;)\s*(?:script-src|default-src)\s+([^;]*)/g;
      const sources = [...policy.matchAll(script)].map((m) => m[1]).join(" ");
      return must(!/'unsafe-inline'|'unsafe-eval'|(?:^|\s)(?:\*|https?:|data:)(?:\s|$)/.test(sources), `script sources: ${sources.trim()}`, `the policy allows ${sources.trim()} for scripts`);
    },
  },
  {
    name: "no-inline-script",
    risk: "a strict policy breaks the page, so it gets loosened",
    async run(_target, { html }) {
      const inline = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)].filter(([, attributes = "", code = ""]) => !/\bsrc=|type="application\//.test(attributes) && code.trim() !== "");
      return must(inline.length === 0, "no script in the page has code in it", `${inline.length} inline script(s)`);
    },
  },
  {
    name: "headers",
    risk: "sniffed types, framing by other sites, leaked addresses",
    async run(_target, { response }) {
      const { headers } = response;
      const framed = /frame-ancestors/.test(headers.get("content-security-policy") ?? "") || headers.has("x-frame-options");
      const lacking = [headers.get("x-content-type-options") === "nosniff" ? "" : "x-content-type-options: nosniff", headers.has("referrer-policy") ? "" : "referrer-policy", framed ? "" : "frame-ancestors"].filter((name) => name !== "");
      return must(lacking.length === 0, "nosniff, referrer-policy, frame-ancestors", `missing: ${lacking.join(", ")}`);
    },
  },
  {
    name: "cookies",
    risk: "scripts read the cookie, other sites send it",
    async run(target, { response }) {
      const lines = response.headers.getSetCookie();
      if (lines.length === 0) return fail("the page sets no cookie, so no socket can be bound to a browser");
      const secure = target.url.protocol === "https:";
      for (const line of lines) {
        const name = line.split("=")[0] ?? "";
        if (!/;\s*httponly/i.test(line)) return fail(`${name} is not HttpOnly`);
        if (!/;\s*samesite=(?:lax|strict)/i.test(line)) return fail(`${name} has no SameSite`);
        if (secure && !/;\s*secure/i.test(line)) return fail(`${name} is not Secure`);
        if (secure && !name.startsWith("__Host-")) return fail(`${name} has no __Host- prefix`);
      }
      return secure ? ok("HttpOnly, SameSite, Secure, __Host-") : note("HttpOnly, SameSite; over https also Secure and __Host-");
    },
  },
  {
    name: "foreign-write",
    risk: "another site posts with the user's cookies",
    async run(target, { cookie }) {
      const { status } = await target.get("", { origin: "https://evil.example", cookie, "content-type": "application/x-www-form-urlencoded" }, "POST");
      return must(status === 403, "a POST of another origin is 403", `a POST of another origin is ${status}, not 403`);
    },
  },
  {
    name: "paths",
    risk: "files outside of the public folder",
    async run(target) {
      for (const path of ["/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/a%00.txt", "/.env", "/.git/config", "/..\\..\\etc"]) {
        const response = await target.get(path);
        const text = await response.text();
        if (response.status === 200 && /root:|\[core\]|=/.test(text) && !/<html/i.test(text)) return fail(`${path} answers 200 with a file`);
        if (response.status >= 500) return fail(`${path} answers ${response.status}`);
      }
      return ok("climbing, encoded, dotted and NUL paths give no file and no error");
    },
  },
  {
    name: "error-detail",
    risk: "stack traces tell about the machine",
    async run(target) {
      for (const path of ["/%E0%A4%A", `/${"x".repeat(100)}/%ff`, "/_vango/nothing"]) {
        const text = await (await target.get(path)).text();
        if (/\bat .*\(?[\w/.-]+\.[cm]?[jt]sx?:\d+/.test(text) || /node_modules/.test(text)) return fail(`${path} shows a stack trace`);
      }
      return ok("malformed addresses show no stack trace");
    },
  },
  {
    name: "long-target",
    risk: "memory by request lines",
    async run(target) {
      const status = await target.get(`/${"a".repeat(100_000)}`).then((r) => r.status, () => 0);
      // Some parsers say 505 to what is too long; what counts is that it is refused.
      return must((status === 0 || status >= 400) && (await target.alive()), status === 0 ? "the connection is cut" : `100 kB of path: ${status}`, `100 kB of path: ${status}`);
    },
  },
  {
    name: "http-bomb",
    risk: "a few kilobytes of gzip become gigabytes",
    async run(target, { cookie }) {
      const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
      const url = new URL(target.url);
      const response = await fetch(url, { method: "POST", body: new Uint8Array(bomb), headers: { origin: url.origin, cookie, "content-encoding": "gzip", "content-type": "application/json" }, redirect: "manual", signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      return must(response === undefined || response.status < 500, `answered ${response?.status ?? "by cutting the connection"}`, `answered ${response?.status}`);
    },
  },
];
