/**
 * Observability (SPEC.md D3–D7): the adapters on messages as sessions publish them, and on a mounted app.
 */
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { component, html, VangoError } from "@vango/core";
import { Registry } from "prom-client";
import { afterEach, describe, expect, it } from "vitest";
import { aroundWork, diagnostics, observeWork, type WorkMessage } from "../../src/diagnostics.js";
import { createApp } from "../../src/index.js";
import { ClientMistakes, isClientMistake } from "../../src/observe/client-mistakes.js";
import { structuredLog, type LogLine } from "../../src/observe/log.js";
import { opentelemetryTraces } from "../../src/observe/opentelemetry.js";
import { prometheusMetrics } from "../../src/observe/prometheus.js";
import { mount } from "../../src/testing/index.js";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const appOf = (page: ReturnType<typeof component>) =>
  createApp({ routes: { buildId: "test", routes: [{ path: "/", load: () => Promise.resolve({ page }) }] }, secret: "s".repeat(32), onError: () => undefined });

const Saver = component((setup) => {
  const n = setup.signal(0);
  const save = setup.action(async (fail: boolean) => {
    await Promise.resolve();
    trace.getTracer("db").startSpan("query").end();
    if (fail) throw new Error("no disk");
    return 1;
  }, { onSuccess: () => n.inc() });
  return () => html`<p>${n}</p><button id="ok" onClick=${() => save.run(false)}>ok</button><button id="bad" onClick=${() => save.run(true)}>bad</button><button id="throw" onClick=${() => { throw new VangoError("VANGO_TEST", { message: "m", why: "w", fix: "f" }); }}>throw</button>`;
});

describe("work", () => {
  it("D3: tells kind, place, time and failure of what ends now, later, and badly", async () => {
    const seen: WorkMessage[] = [];
    stops.push(diagnostics.work.subscribe((m) => seen.push(m)));
    expect(observeWork("s", "resource", "the loader of A.0", () => 1)).toBe(1);
    expect(() => observeWork("s", "action", "an action's work", () => { throw new Error("x"); })).toThrow("x");
    await expect(observeWork("s", "action", "an action's work", () => Promise.reject(new Error("y")))).rejects.toThrow("y");
    expect(seen.map(({ ms, ...m }) => (expect(ms).toBeGreaterThanOrEqual(0), m))).toEqual([
      { session: "s", kind: "resource", place: "the loader of A.0", failed: false },
      { session: "s", kind: "action", place: "an action's work", failed: true },
      { session: "s", kind: "action", place: "an action's work", failed: true },
    ]);
  });

  it("D3, D7: a wrapper is around what starts while it is set, and only then", () => {
    const names: string[] = [];
    const stop = aroundWork((kind, _place, run) => (names.push(kind), run(() => names.push("ended"))));
    observeWork("s", "other", "a subscription source", () => 1);
    stop();
    observeWork("s", "other", "a subscription source", () => 1);
    expect(names).toEqual(["other", "ended"]);
  });
});

describe("what clients bring about", () => {
  it("D9: is one line a code in ten seconds, with the number of the others, and no stack", () => {
    const mistakes = new ClientMistakes();
    const told = (code: string, now: number) => mistakes.next(code, now);
    expect([told("VANGO_WIRE_KIND", 0), told("VANGO_WIRE_KIND", 1), told("VANGO_WIRE_KIND", 9_999), told("VANGO_WIRE_SIZE", 9_999)]).toEqual([0, undefined, undefined, 0]);
    expect([told("VANGO_WIRE_KIND", 10_000), told("VANGO_WIRE_KIND", 20_000)]).toEqual([2, 0]);
    expect(["VANGO_WIRE_KIND", "VANGO_BAD_PATH", "VANGO_HANDLER", "VANGO_WIRELESS"].map(isClientMistake)).toEqual([true, true, false, false]);

    const lines: LogLine[] = [];
    stops.push(structuredLog({ write: (line) => lines.push(line) }));
    for (let i = 0; i < 3; i++) {
      const error = new VangoError("VANGO_WIRE_KIND", { message: "m", why: "w", fix: "f" });
      diagnostics.error.publish({ code: error.code, message: error.message, error });
    }
    expect(lines.map(({ time: _time, ...line }) => line)).toEqual([{ level: "warn", event: "error", code: "VANGO_WIRE_KIND", message: expect.any(String) as string }]);
  });

  it("D6: the stack of an error is that of what was thrown, in the app's code", () => {
    const lines: LogLine[] = [];
    stops.push(structuredLog({ write: (line) => lines.push(line) }));
    const cause = new Error("no paper");
    const error = new VangoError("VANGO_HANDLER", { message: "m", why: "w", fix: "f" }, { cause });
    diagnostics.error.publish({ code: error.code, message: error.message, error });
    expect(lines.map(({ stack }) => stack)).toEqual([cause.stack]);
  });
});

describe("prometheus", () => {
  it("D4: counts what sessions do; a session is active or detached, never both", async () => {
    const registry = new Registry();
    stops.push(prometheusMetrics(registry));
    const { session, turn, frame, error, http } = diagnostics;
    session.publish({ kind: "open", session: "", ip: "1" });
    for (const id of ["a", "b", "c"]) session.publish({ kind: "join", session: id, how: "new" });
    session.publish({ kind: "detach", session: "a" });
    session.publish({ kind: "detach", session: "b" });
    session.publish({ kind: "resume", session: "b", how: "replayed" });
    session.publish({ kind: "evict", session: "a" });
    session.publish({ kind: "refuse", session: "", reason: "VANGO_LIMIT_IP" });
    session.publish({ kind: "refuse", session: "", reason: "something\nodd" });
    turn.publish({ session: "b", kind: "event", ms: 2 });
    turn.publish({ session: "b", kind: "event", ms: 3, error: "VANGO_HANDLER" });
    frame.publish({ session: "b", direction: "down", bytes: 15, data: new Uint8Array(15) });
    frame.publish({ session: "b", direction: "up", bytes: 6, data: new Uint8Array(6) });
    error.publish({ code: "VANGO_HANDLER", message: "m", error: undefined });
    diagnostics.storm.publish({ session: "b", budget: "actionsPerSecond" });
    diagnostics.state.publish({ kind: "swept", count: 4 });
    diagnostics.state.publish({ kind: "fenced", session: "b" });
    http.publish({ method: "BREW", path: "/pot", status: 404, ms: 1 });
    const text = await registry.metrics();
    for (const line of [
      "vango_active_sessions 2", "vango_detached_sessions 0", 'vango_sessions_total{kind="join"} 3', 'vango_session_resumes_total{how="replayed"} 1',
      "vango_session_evictions_total 1", 'vango_refusals_total{code="VANGO_LIMIT_IP"} 1', 'vango_refusals_total{code="other"} 1', 'vango_events_total{kind="event"} 2',
      'vango_event_errors_total{code="VANGO_HANDLER"} 1', "vango_patches_sent_total 1", 'vango_patch_size_bytes_bucket{le="16"} 1', "vango_received_bytes_total 6",
      'vango_storm_budget_exceeded_total{budget="actionsPerSecond"} 1', 'vango_state_events_total{kind="swept"} 4', 'vango_state_events_total{kind="fenced"} 1',
      'vango_errors_total{code="VANGO_HANDLER"} 1', 'vango_http_requests_total{method="other",status="4xx"} 1', 'vango_event_duration_seconds_bucket{le="0.005",kind="event"} 2',
    ]) expect(text).toContain(`${line}\n`);
  });

  it("D4, D7: a mounted app is counted, until the adapter is ended", async () => {
    const registry = new Registry();
    const stop = prometheusMetrics(registry, { prefix: "shop" });
    const page = await mount(appOf(Saver), "/");
    await page.locator("#ok").click();
    await page.locator("#bad").click();
    const counted = await registry.metrics();
    expect(counted).toContain("shop_active_sessions 1\n");
    expect(counted).toContain('shop_events_total{kind="event"} 2\n');
    expect(counted).toContain('shop_work_duration_seconds_count{kind="action"} 2\n');
    expect(counted).toContain('shop_work_errors_total{kind="action"} 1\n');
    stop();
    await page.locator("#ok").click();
    expect(await registry.metrics()).toBe(counted);
    await page.close();
  });
});

describe("opentelemetry", () => {
  it("D5: a turn is a span with its error; an action's span holds the spans of what it calls", async () => {
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    stops.push(() => (trace.disable(), context.disable()), opentelemetryTraces());
    const page = await mount(appOf(Saver), "/");
    await page.locator("#bad").click();
    await page.locator("#throw").click();
    await page.close();
    const spans = exporter.getFinishedSpans();
    const action = spans.find((s) => s.name === "vango.action");
    const query = spans.find((s) => s.name === "query");
    expect(action?.status).toEqual({ code: SpanStatusCode.ERROR, message: "no disk" });
    expect(query?.parentSpanContext?.spanId).toBe(action?.spanContext().spanId);
    const turns = spans.filter((s) => s.name === "vango.event");
    expect(turns.map((s) => s.status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);
    expect(turns[1]?.status.message).toBe("VANGO_TEST");
  });
});

describe("log", () => {
  it("D6: levels, events and fields; errors carry code, places and stack", () => {
    const lines: LogLine[] = [];
    stops.push(structuredLog({ write: (line) => lines.push(line), slowTurnMs: 20 }));
    const { session, turn, error, http } = diagnostics;
    session.publish({ kind: "open", session: "", ip: "1" });
    session.publish({ kind: "join", session: "a", how: "new", boot: "{}" });
    session.publish({ kind: "refuse", session: "", reason: "origin" });
    turn.publish({ session: "a", kind: "event", ms: 1 });
    turn.publish({ session: "a", kind: "event", ms: 33.3333 });
    const thrown = new VangoError("VANGO_OFF_LOOP_WRITE", { message: "m", why: "w", fix: "f" }, { at: "page.tsx:3", related: "the loader of A.0" });
    error.publish({ code: thrown.code, message: thrown.message, session: "a", error: thrown });
    diagnostics.state.publish({ kind: "unsaved", session: "a" });
    http.publish({ method: "GET", path: "/", status: 200, ms: 1 });
    http.publish({ method: "GET", path: "/", status: 500, ms: 1 });
    expect(lines.map(({ time, stack, ...line }) => (expect(Date.parse(time)).toBeGreaterThan(0), { ...line, ...(stack === undefined ? {} : { stack: typeof stack }) }))).toEqual([
      { level: "info", event: "session.join", kind: undefined, session: "a", how: "new" },
      { level: "warn", event: "session.refuse", session: "", reason: "origin" },
      { level: "warn", event: "turn.slow", session: "a", kind: "event", ms: 33.33 },
      { level: "error", event: "error", code: "VANGO_OFF_LOOP_WRITE", message: thrown.message, session: "a", at: "page.tsx:3", related: "the loader of A.0", stack: "string" },
      { level: "warn", event: "state.unsaved", session: "a" },
      { level: "warn", event: "http", method: "GET", path: "/", status: 500, ms: 1 },
    ]);
  });

  it("D6, D7: the level is a threshold; nothing is written after the end", () => {
    const lines: LogLine[] = [];
    const stop = structuredLog({ write: (line) => lines.push(line), level: "error" });
    diagnostics.session.publish({ kind: "join", session: "a" });
    diagnostics.error.publish({ code: "VANGO_X", message: "m", error: undefined });
    stop();
    diagnostics.error.publish({ code: "VANGO_X", message: "m", error: undefined });
    expect(lines.map((l) => l.event)).toEqual(["error"]);
  });
});
