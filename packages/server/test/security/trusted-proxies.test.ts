/**
 * Whose forwarded headers count (SPEC.md X6, X7).
 */
import { component, html } from "@vango/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { once } from "node:events";
import { diagnostics } from "../../src/diagnostics.js";
import { createApp } from "../../src/index.js";
import { TrustedProxies } from "../../src/security/trusted-proxies.js";
import { fetchPage, SECRET, serve } from "../session/raw-client.js";

const page = component(() => () => html`<p>hi</p>`);

describe("trusted proxies", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "192.168.1.7", "fd00::/8"]);

  it.each([
    ["nobody's header counts without trust", "203.0.113.9", "1.2.3.4", "203.0.113.9"],
    ["the last address that is no proxy", "10.0.0.1", "1.2.3.4, 203.0.113.5, 10.1.1.1", "203.0.113.5"],
    ["what a visitor claims stands before it", "10.0.0.1", "8.8.8.8, 203.0.113.5", "203.0.113.5"],
    ["all are proxies: the first of them", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["behind nonsense nothing is believed", "10.0.0.1", "1.2.3.4, evil, 10.0.0.2", "10.0.0.2"],
    ["an exact address", "192.168.1.7", "1.2.3.4", "1.2.3.4"],
    ["its neighbour is none", "192.168.1.8", "1.2.3.4", "192.168.1.8"],
    ["IPv4 in the form of IPv6", "::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"],
    ["the same in hexadecimal, as uWebSockets.js writes it", "0000:0000:0000:0000:0000:ffff:0a00:0001", "1.2.3.4", "1.2.3.4"],
    ["IPv6 with brackets, IPv4 with a port", "fd00::1", "[2001:db8::5], 10.0.0.9:443", "2001:db8::5"],
    ["an empty header", "10.0.0.1", "", "10.0.0.1"],
  ])("X6: %s", (_what, peer, header, client) => {
    expect(proxies.clientIp(peer, header)).toBe(client);
  });

  it("X6: whatever the header is, the answer is the peer or an address of the header", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const client = proxies.clientIp("10.0.0.1", header);
        expect(client === "10.0.0.1" || header.includes(client)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["10.0.0.0/33", "::/129", "10.0.0/8", "proxy.local", "10.0.0.0/8/8", "10.0.0.0/x", ""])("X6: %j is no network: VANGO_BAD_OPTION", (network) => {
    expect(() => createApp({ routes: { buildId: "b", routes: [] }, secret: SECRET, trustedProxies: [network] })).toThrow(expect.objectContaining({ code: "VANGO_BAD_OPTION" }));
  });

  it("X7: behind a trusted proxy limits and origin are the visitor's", async () => {
    const ips: (string | undefined)[] = [];
    const stop = diagnostics.session.subscribe((m) => void (m.kind === "open" && ips.push(m.ip)));
    const { url } = await serve(page, { trustedProxies: ["127.0.0.0/8", "::1"] });
    const { cookie } = await fetchPage(url);
    const open = async (headers: Record<string, string>): Promise<number> => {
      const ws = new WebSocket(`${url.replace("http", "ws")}/_vango/live`, { headers: { cookie, ...headers } });
      ws.on("error", () => undefined);
      const status = await Promise.race([once(ws, "open").then(() => 101), once(ws, "unexpected-response").then(([, r]) => (r as { statusCode: number }).statusCode)]);
      ws.terminate();
      return status;
    };
    const forwarded = { "x-forwarded-for": "203.0.113.5", "x-forwarded-host": "shop.example" };
    expect(await open({ origin: "https://shop.example", ...forwarded })).toBe(101);
    expect(await open({ origin: url, ...forwarded })).toBe(403);
    expect(ips).toEqual(["203.0.113.5"]);
    stop();
  });

  it("X7: without trust the headers are nobody's word", async () => {
    const { url } = await serve(page);
    const { cookie } = await fetchPage(url);
    const ws = new WebSocket(`${url.replace("http", "ws")}/_vango/live`, { headers: { cookie, origin: "https://shop.example", "x-forwarded-host": "shop.example" } });
    ws.on("error", () => undefined);
    const [, response] = (await once(ws, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
  });
});
