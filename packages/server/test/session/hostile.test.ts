/**
 * Hostile clients (SPEC.md S1–S9): whatever a client sends, it is refused with a code or closed, the process lives, and the
 * session beside it does not notice. Each test ends with a neighbour's click.
 */
import { component, each, html } from "@vango/core";
import { encodeEvent, encodeJoin, encodeNav, encodePayload, encodePing, encodeResume, PROTOCOL_VERSION } from "@vango/core/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fetchPage, RawClient, refusedUpgrade, serve, turnedAway, TRANSPORTS, type Served } from "./raw-client.js";
import { fewer } from "../cases.js";

const Page = component((setup) => {
  const n = setup.signal(0);
  const text = setup.signal("");
  const rows = setup.signal<readonly number[]>([1, 2, 3]);
  return () => html`<main>
    <p id="n">${n}</p><p id="text">${text}</p>
    <button id="inc" onClick=${() => n.inc()}>+</button>
    <input id="in" onInput=${(e: { value: string }) => text.set(e.value)}>
    <form id="form" onSubmit.prevent=${(e: { data: FormData }) => text.set([...e.data.keys()].join())}></form>
    <ul>${each(rows, (r) => r, (r) => html`<li onClick=${() => text.set(`row ${r}`)}>${r}</li>`)}</ul>
  </main>`;
});

interface Scene {
  readonly served: Served;
  /** The one that misbehaves: joined. */
  readonly bad: RawClient;
  /** Clicks in the neighbour's page and sees it work. */
  neighbour(): Promise<void>;
}

async function scene(transport: "uws" | "ws", limits: Record<string, number> = {}): Promise<Scene> {
  const served = await serve(Page, { transport, limits });
  const good = await RawClient.join(served.url);
  const bad = await RawClient.join(served.url);
  let clicks = 0;
  return {
    served,
    bad,
    async neighbour() {
      expect((await good.click("#inc"))?.kind).toBe(2);
      expect(good.text("#n")).toBe(String(++clicks));
    },
  };
}

const codeOf = (m: unknown): string | undefined => (m as { body?: { code?: string } } | undefined)?.body?.code;
/** The slot and instance of an element's event. */
const target = (c: RawClient, css: string, type: string): { instance: number; slot: number } => {
  const el = c.mirror.select(css)[0];
  const found = el && c.mirror.eventAt(el, type);
  if (found === undefined) throw new Error(css);
  return found;
};

/** The public id that WELCOME gave. */
const sidOf = (c: RawClient): string => (c.messages[0] as { body: { sid: string } }).body.sid;

describe.each(TRANSPORTS)("on %s", (transport) => {
  describe("what closes the connection", () => {
    const four = [0xdd, 0xff, 0xff, 0xff, 0xff];
    const nested = (depth: number, open: readonly number[]): number[] => [...Array.from({ length: depth }, () => open).flat(), 0xc0];
    const messages: Record<string, (c: RawClient) => Uint8Array | readonly number[]> = {
      "nothing at all": () => [],
      "an unknown kind": () => [9, 1, 2, 3],
      "kind 0": () => [0],
      "a truncated EVENT": () => [2, 1, 0],
      "a varint that never ends": () => [2, 1, 0, ...Array.from({ length: 40 }, () => 0xff)],
      "a truncated payload": () => [2, 1, 0, 1, 1, 1, 0xa5, 0x41],
      "bytes after the payload": () => [2, 1, 0, 1, 1, 1, 0xc0, 0xc0],
      "scenario 74: a list of 4 GB": () => [2, 1, 0, 1, 1, 1, ...four],
      "scenario 74: a map of 4 GB": () => [2, 1, 0, 1, 1, 1, 0xdf, 0xff, 0xff, 0xff, 0xff],
      "scenario 74: a text of 4 GB": () => [4, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x41],
      "scenario 74: binary of 4 GB": () => [4, 0xc6, 0xff, 0xff, 0xff, 0xff],
      "scenario 74: lists 1,000 deep": () => [4, ...nested(1000, [0x91])],
      "scenario 74: maps 1,000 deep": () => [4, ...nested(1000, [0x81, 0xa1, 0x61])],
      "the key __proto__": () => [2, 1, 0, 1, 1, 1, 0x81, 0xa9, ...Buffer.from("__proto__"), 0x80],
      "the key constructor": () => [2, 1, 0, 1, 1, 1, 0x81, 0xab, ...Buffer.from("constructor"), 0x80],
      "text that is not UTF-8": () => [4, 0xa2, 0xff, 0xfe],
      "a number as a map's key": () => [4, 0x81, 0x01, 0x01],
      "an extension type": () => [4, 0xd4, 1, 1],
      "an ACK with a tail": () => [3, 0, 0],
      "a NAV to no text": () => [5, 1, 0, 1, ...encodePayload([1, "push"])],
      "a NAV of an unknown mode": () => encodeNav(1, 0, 1, "/", "sideways" as "push"),
      "a NAV of 10,000 characters": () => encodeNav(1, 0, 1, `/${"x".repeat(10_000)}`, "push"),
      "a second JOIN": (c) => encodeJoin({ v: 2, boot: c.page.boot, tab: "", nonce: "", url: "" }),
      "a JOIN without a blob": () => [1, ...encodePayload({ v: 2 })],
      "an event out of order": (c) => encodeEvent(5, 0, 1, target(c, "#inc", "click").instance, target(c, "#inc", "click").slot),
      "a RESUME of a page that is live": (c) => encodeResume(PROTOCOL_VERSION, 1, 0, 0, sidOf(c), "n"),
      "a truncated RESUME": () => [6, 2, 1],
    };
    it.each(Object.keys(messages))("S1: %s", async (name) => {
      const { bad, neighbour } = await scene(transport);
      bad.send((messages[name] as (c: RawClient) => Uint8Array)(bad));
      expect((await bad.closed).code).toBe(1002);
      expect(bad.text("#n")).toBe("0");
      await neighbour();
    });

    it("S1: a message larger than messageBytes, and one larger than any may be", async () => {
      const { bad, neighbour, served } = await scene(transport);
      bad.send([4, 0xdb, 0, 1, 0x11, 0x70, ...Array.from({ length: 70_000 }, () => 0x41)]);
      expect((await bad.closed).code).toBe(1009);
      const other = await RawClient.join(served.url);
      other.send(new Uint8Array(2 * 1024 * 1024).fill(1));
      expect([1006, 1009]).toContain((await other.closed).code);
      await neighbour();
    });

    it("S1: a text message", async () => {
      const { bad, neighbour } = await scene(transport);
      bad.ws.send("hello");
      expect((await bad.closed).code).toBe(1003);
      await neighbour();
    });
  });

  describe("what is refused with a code while the session lives", () => {
    const cases: Record<string, { code: string; send(c: RawClient): Uint8Array }> = {
      "an unknown instance": { code: "VANGO_UNKNOWN_TARGET", send: (c) => encodeEvent(++c.seq, 0, 1, 123_456, 0) },
      "the largest instance a varint can say": { code: "VANGO_UNKNOWN_TARGET", send: (c) => encodeEvent(++c.seq, 0, 1, 2 ** 49 - 1, 0) },
      "an unknown slot": { code: "VANGO_UNKNOWN_TARGET", send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#inc", "click").instance, 99_999) },
      "a slot that is no event": { code: "VANGO_UNKNOWN_TARGET", send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#inc", "click").instance, 0) },
      "the root": { code: "VANGO_UNKNOWN_TARGET", send: (c) => encodeEvent(++c.seq, 0, 1, 0, 0) },
      "another epoch": { code: "VANGO_STALE_EVENT", send: (c) => encodeEvent(c.seq + 1, 0, 7, target(c, "#inc", "click").instance, target(c, "#inc", "click").slot) },
      "a list as payload": { code: "VANGO_EVENT_PAYLOAD", send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#in", "input").instance, target(c, "#in", "input").slot, [1]) },
      "a text as payload": { code: "VANGO_EVENT_PAYLOAD", send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#in", "input").instance, target(c, "#in", "input").slot, "x") },
      "a map where a control's text is due": {
        code: "VANGO_EVENT_PAYLOAD",
        send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#in", "input").instance, target(c, "#in", "input").slot, { value: { toString: "x" } }),
      },
      "form data that is no list of pairs": {
        code: "VANGO_EVENT_PAYLOAD",
        send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#form", "submit").instance, target(c, "#form", "submit").slot, { data: [["a", 1]] }),
      },
      "a form without data": {
        code: "VANGO_HANDLER",
        send: (c) => encodeEvent(++c.seq, 0, 1, target(c, "#form", "submit").instance, target(c, "#form", "submit").slot, {}),
      },
    };
    it.each(Object.keys(cases))("S2: %s", async (name) => {
      const { bad, neighbour } = await scene(transport);
      const { code, send } = cases[name] as (typeof cases)[string];
      bad.send(send(bad));
      expect(codeOf(await bad.until((m) => m.kind === 5))).toBe(code);
      expect((await bad.click("#inc"))?.kind).toBe(2);
      expect([bad.text("#n"), bad.text("#text")]).toEqual(["1", ""]);
      await neighbour();
    });

    it("S2: a payload for a click is ignored, and the click runs", async () => {
      const { bad } = await scene(transport);
      bad.sendClick("#inc", { key: "x", more: { deep: [1, 2, 3] }, type: "submit" });
      await bad.until((m) => m.kind === 2);
      expect(bad.text("#n")).toBe("1");
    });

    it("S2: a navigation to another site, up the tree or to nonsense", async () => {
      const { bad, neighbour } = await scene(transport);
      for (const href of ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "", "x", "/%", "/../../etc/passwd", "/a\\b", "/\u0000"]) {
        const from = bad.messages.length;
        bad.navigate(href);
        expect(codeOf(await bad.until((m) => m.kind === 5, from)), JSON.stringify(href)).toBe("VANGO_BAD_PATH");
      }
      expect((await bad.click("#inc"))?.kind).toBe(2);
      await neighbour();
    });
  });

  describe("sequence", () => {
    it("S3: an event sent twice runs once", async () => {
      const { bad, neighbour } = await scene(transport);
      const { instance, slot } = target(bad, "#inc", "click");
      bad.send(encodeEvent(1, 0, 1, instance, slot));
      bad.send(encodeEvent(1, 0, 1, instance, slot));
      await bad.until((m) => m.kind === 3);
      bad.seq = 1;
      await bad.click("#inc");
      expect(bad.text("#n")).toBe("2");
      await neighbour();
    });

    it("S3: numbers run on past 255", async () => {
      const { bad } = await scene(transport, { eventQueue: 1000 });
      for (let i = 0; i < 300; i++) await bad.click("#inc");
      expect(bad.text("#n")).toBe("300");
    });
  });

  describe("joining", () => {
    it("S4: another version, a forged blob, a tampered one, one of another browser or another secret", async () => {
      const { served, neighbour } = await scene(transport);
      const page = await fetchPage(served.url);
      const foreign = await fetchPage(served.url);
      const other = await serve(Page, { transport, secret: "another-secret-of-32-characters!!" });
      const elsewhere = await fetchPage(other.url);
      const boot = JSON.parse(page.boot) as Record<string, unknown>;
      const joins: [Record<string, unknown>, string][] = [
        [{ v: 1 }, "VANGO_PROTOCOL_VERSION"],
        [{ boot: "" }, "VANGO_JOIN_BOOT"],
        [{ boot: "{" }, "VANGO_JOIN_BOOT"],
        [{ boot: "null" }, "VANGO_JOIN_BOOT"],
        [{ boot: "[]" }, "VANGO_JOIN_BOOT"],
        [{ boot: JSON.stringify({ ...boot, p: "/admin" }) }, "VANGO_JOIN_BOOT"],
        [{ boot: JSON.stringify({ ...boot, h: [] }) }, "VANGO_JOIN_BOOT"],
        [{ boot: JSON.stringify({ ...boot, s: [0, 0] }) }, "VANGO_JOIN_BOOT"],
        [{ boot: JSON.stringify({ ...boot, g: "" }) }, "VANGO_JOIN_BOOT"],
        [{ boot: foreign.boot }, "VANGO_JOIN_BOOT"],
        [{ boot: elsewhere.boot }, "VANGO_JOIN_BOOT"],
        [{ url: `/?${"x".repeat(100_000)}` }, "VANGO_JOIN_BOOT"],
      ];
      for (const [over, code] of joins) {
        const c = await RawClient.open(served.url, page);
        c.sendJoin(over);
        expect(codeOf(await c.until((m) => m.kind === 6)), JSON.stringify(over).slice(0, 80)).toBe(code);
        expect((await c.closed).code).toBe(1008);
      }
      await neighbour();
    });

    it("S5: a description of the page that is malformed, too deep or too large", async () => {
      const { served, neighbour } = await scene(transport);
      const deep = Array.from({ length: 2000 }, () => [1, 0, 1]).flat();
      for (const now of [1, [], {}, { t: 1, s: [] }, { t: [], s: ["x"] }, { t: [], s: [-1, 0] }, { t: [], s: [1.5] }, { t: ["a"], s: [0, 0] }]) {
        const c = await RawClient.open(served.url);
        c.sendJoin({ now } as never);
        expect((await c.closed).code, JSON.stringify(now)).toBe(1002);
      }
      for (const now of [
        { t: [], s: [] },
        { t: [], s: [0, 0, 0] }, { t: [], s: [1, 1, 200_001, 0] }, { t: [], s: [2 ** 31, 1, 1] }, { t: [], s: [1, 99, 1, 0] },
        { t: [], s: [0, ...deep, 0] }, { t: ["x", `div ${"c:0 ".repeat(20_000)}`], s: [1, 4, 200_000, 0] },
      ]) {
        const c = await RawClient.open(served.url);
        c.sendJoin({ now });
        expect(codeOf(await c.until((m) => m.kind === 6 || m.kind === 1)), JSON.stringify(now).slice(0, 60)).toBe("VANGO_JOIN_FAILED");
        await c.closed;
      }
      await neighbour();
    });

    it("S5: a description of another page brings this page", async () => {
      const { served, neighbour } = await scene(transport);
      const c = await RawClient.open(served.url);
      c.sendJoin({ now: { t: [], s: [0, 0] } });
      expect((await c.until((m) => m.kind === 1)) as { body?: object }).toMatchObject({ body: { sync: true } });
      await c.until((m) => m.kind === 2).catch(() => undefined);
      await neighbour();
    });

    it("S6: nothing may be said before JOIN", async () => {
      const { served, neighbour } = await scene(transport);
      for (const bytes of [encodeEvent(1, 0, 1, 1, 1), encodeNav(1, 0, 1, "/", "push"), Uint8Array.of(3, 0)]) {
        const c = await RawClient.open(served.url);
        c.send(bytes);
        expect((await c.closed).code).toBe(1002);
      }
      const c = await RawClient.open(served.url);
      c.sendJoin();
      c.sendJoin();
      expect((await c.closed).code).toBe(1002);
      await neighbour();
    });

    it("S6: who does not join in time is closed", async () => {
      const { served, neighbour } = await scene(transport, { joinTimeoutMs: 60 });
      const c = await RawClient.open(served.url);
      c.send(encodePing());
      expect(await c.closed).toEqual({ code: 1008, reason: "no JOIN" });
      await neighbour();
    });

    it("S7: no Origin, a foreign one: the upgrade is refused; no cookie, a forged one: told so and closed", async () => {
      const { served, neighbour } = await scene(transport);
      const { cookie } = await fetchPage(served.url);
      const origin = served.url;
      expect(await refusedUpgrade(served.url, { cookie })).toBe(403);
      expect(await refusedUpgrade(served.url, { cookie, origin: "https://evil.example" })).toBe(403);
      expect(await refusedUpgrade(served.url, { cookie, origin: "null" })).toBe(403);
      for (const forged of [{}, { cookie: `${cookie.slice(0, -2)}xx` }, { cookie: "vango=; vango=x" }])
        expect(await turnedAway(served.url, { origin, ...forged })).toBe("VANGO_COOKIE_MISSING");
      await neighbour();
    });

    it("S7: more sessions than an address may have, and more than the process takes", async () => {
      const served = await serve(Page, { transport, limits: { sessionsPerIp: 3 } });
      const clients = [await RawClient.join(served.url), await RawClient.join(served.url), await RawClient.join(served.url)];
      const fourth = await RawClient.open(served.url);
      fourth.sendJoin();
      expect(codeOf(await fourth.until((m) => m.kind === 6))).toBe("VANGO_LIMIT_IP");
      await fourth.closed;
      await clients[0]?.close();
      await expect.poll(async () => (await RawClient.join(served.url)).messages[0]?.kind).toBe(1);
      expect((await clients[1]?.click("#inc"))?.kind).toBe(2);

      const full = await serve(Page, { transport, limits: { sessions: 1 } });
      const first = await RawClient.join(full.url);
      const second = await RawClient.open(full.url);
      second.sendJoin();
      expect(await second.until((m) => m.kind === 6)).toMatchObject({ body: { code: "VANGO_LIMIT_SESSIONS", retry: 10_000 } });
      expect((await first.click("#inc"))?.kind).toBe(2);
    });
  });

  describe("floods", () => {
    it("S8 scenario 72: 1,000 events in a burst: what exceeds the budget is refused with a code, the session goes on", async () => {
      const { bad, neighbour } = await scene(transport, { eventsPerSecond: 1, eventQueue: 128 });
      const { instance, slot } = target(bad, "#inc", "click");
      for (let i = 1; i <= 1000; i++) bad.send(encodeEvent(i, 0, 1, instance, slot));
      const refusals = (): number => bad.messages.reduce((sum, m) => sum + (m.kind === 5 && m.body.code === "VANGO_RATE_LIMITED" ? (m.body.seq ?? 0) - (m.body.first ?? m.body.seq ?? 0) + 1 : 0), 0);
      // Each of the thousand was run or refused: until then some are on their way.
      await bad.until(() => refusals() + Number(bad.text("#n")) === 1000);
      expect(refusals()).toBeGreaterThan(800);
      expect(Number(bad.text("#n"))).toBeGreaterThanOrEqual(128);
      expect(bad.ws.readyState).toBe(1);
      await neighbour();
    });

    it.each(["events", "duplicates", "pings"])("S8: who never stops is closed (%s)", async (what) => {
      const { bad, neighbour } = await scene(transport, { eventsPerSecond: 1, eventQueue: 64 });
      const { instance, slot } = target(bad, "#inc", "click");
      for (let i = 1; i <= 3000; i++) {
        bad.send(what === "pings" ? encodePing("x") : encodeEvent(what === "events" ? i : 1, 0, 1, instance, slot));
      }
      expect(await bad.closed).toEqual({ code: 1008, reason: "too many messages" });
      await neighbour();
    });
  });

  it("S9: 20,000 random and mutated messages: no crash, nobody else notices (seed 1907)", async () => {
    const { served, neighbour } = await scene(transport, { eventsPerSecond: 1_000_000, eventQueue: 1_000_000, sessionsPerIp: 10_000 });
    const page = await fetchPage(served.url);
    const probe = await RawClient.join(served.url);
    const { instance, slot } = target(probe, "#in", "input");
    const bytes = fc.uint8Array({ maxLength: 60 });
    /** Good messages with some bytes changed, cut or added: they come further than noise. */
    const good = fc.constantFrom<(seq: number) => Uint8Array>(
      (seq) => encodeEvent(seq, 0, 1, instance, slot, { value: "text" }),
      (seq) => encodeEvent(seq, 0, 1, target(probe, "#form", "submit").instance, target(probe, "#form", "submit").slot, { data: [["a", "b"]] }),
      (seq) => encodeEvent(seq, 0, 1, target(probe, "li", "click").instance, target(probe, "li", "click").slot),
      (seq) => encodeNav(seq, 0, 1, "/", "push"),
      () => encodePing({ a: [1, "b", null, true, 1.5] }),
      () => Uint8Array.of(3, 0),
      () => encodeJoin({ v: 2, boot: page.boot, tab: "t", nonce: "n", url: "/" }),
    );
    const mutation = fc.record({ good, at: fc.nat(200), value: fc.nat(255), cut: fc.boolean(), keep: fc.boolean() });
    const TOTAL = fewer(20_000);
    let sent = 0;
    const samples = fc.sample(fc.oneof({ weight: 1, arbitrary: bytes }, { weight: 4, arbitrary: mutation }), { seed: 1907, numRuns: TOTAL }) as unknown[];
    let client = await RawClient.open(served.url, page);
    let open = true;
    let seq = 0;
    const reopen = async (): Promise<void> => {
      client = await RawClient.open(served.url, page);
      const mine = client;
      open = true;
      seq = 0;
      void mine.closed.then(() => {
        if (client === mine) open = false;
      });
      if (sent % 3 !== 0) mine.sendJoin();
    };
    await reopen();
    for (const sample of samples) {
      if (!open) await reopen();
      let message: Uint8Array;
      if (sample instanceof Uint8Array) message = sample;
      else {
        const m = sample as { good(seq: number): Uint8Array; at: number; value: number; cut: boolean; keep: boolean };
        const original = m.good(++seq);
        message = Uint8Array.from(original);
        if (!m.keep) {
          message[m.at % message.length] = m.value;
          if (m.cut) message = message.slice(0, m.at % message.length);
        }
      }
      client.ws.send(message);
      sent++;
      // The socket's events, and the server's, get their turn.
      if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBe(TOTAL);
    await neighbour();
    await neighbour();
    expect(served.errors.every((e) => e.code.startsWith("VANGO_"))).toBe(true);
  }, 120_000);
});
