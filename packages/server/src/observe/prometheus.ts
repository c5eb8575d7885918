/**
 * Metrics for Prometheus, made of the diagnostics channels with `prom-client`. Label values come from fixed sets (kinds, codes,
 * status classes), never from ids or paths, so the number of series is bounded.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { diagnostics, type SessionMessage } from "../diagnostics.js";
import { Subscriptions } from "./subscriptions.js";

/** Seconds: from a click's turn (tens of µs) to a violation. */
const TURN_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const WORK_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Bytes: from one text to a page. */
const FRAME_BUCKETS = [16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];

/** Options of {@link prometheusMetrics}. */
export interface PrometheusOptions {
  /** Begins every name. Default `vango`. */
  readonly prefix?: string;
}

/**
 * Registers Vango's metrics and feeds them until the result is called.
 *
 * Counting costs a message object an event and a frame; without this call nothing is counted.
 *
 * @param registry Of `prom-client`; what it holds already stays.
 * @example
 * // app/routes/api/metrics.ts
 * import { Registry } from "prom-client";
 * import { prometheusMetrics } from "@vango/server/prometheus";
 * const registry = new Registry();
 * prometheusMetrics(registry);
 * export const GET = async () => new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
 */
export function prometheusMetrics(registry: Registry, { prefix = "vango" }: PrometheusOptions = {}): () => void {
  const counter = (name: string, help: string, labelNames: string[] = []): Counter => new Counter({ name: `${prefix}_${name}`, help, labelNames, registers: [registry] });
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram =>
    new Histogram({ name: `${prefix}_${name}`, help, buckets, labelNames, registers: [registry] });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `${prefix}_${name}`, help, registers: [registry] });

  const sessions = new SessionCount(gauge("active_sessions", "Sessions with a socket."), gauge("detached_sessions", "Sessions that wait for their client to return."));
  const lives = counter("sessions_total", "Sessions by what happened to them: join, restore, fresh, fork, resume, detach, park, evict, close.", ["kind"]);
  const resumes = counter("session_resumes_total", "Pages that came back, by how: replayed, reconciled, restored, fresh.", ["how"]);
  const evictions = counter("session_evictions_total", "Detached sessions that were parked because of a limit.");
  const refusals = counter("refusals_total", "Sockets that got no session, by code.", ["code"]);
  const turns = counter("events_total", "Turns by kind.", ["kind"]);
  const turnSeconds = histogram("event_duration_seconds", "Time of a turn.", TURN_BUCKETS, ["kind"]);
  const turnErrors = counter("event_errors_total", "Turns that were rolled back, by code.", ["code"]);
  const frames = counter("patches_sent_total", "Frames sent.");
  const frameBytes = histogram("patch_size_bytes", "Size of a frame.", FRAME_BUCKETS);
  const received = counter("received_bytes_total", "Bytes received from clients.");
  const errors = counter("errors_total", "Errors reported, by code.", ["code"]);
  const requests = counter("http_requests_total", "Requests by method and status class.", ["method", "status"]);
  const requestSeconds = histogram("http_request_duration_seconds", "Time until a response began.", REQUEST_BUCKETS, ["method"]);
  const work = histogram("work_duration_seconds", "Time of loaders and of the work of actions.", WORK_BUCKETS, ["kind"]);
  const workErrors = counter("work_errors_total", "Loaders and actions that failed.", ["kind"]);
  const storms = counter("storm_budget_exceeded_total", "Starts that were refused because a session's storm budget was spent, by budget.", ["budget"]);
  const states = counter("state_events_total", "Persistence: unsaved, saved, fenced, unreadable, swept.", ["kind"]);

  const subscriptions = new Subscriptions()
    .on(diagnostics.session, (message) => {
      const { kind, how, reason } = message;
      sessions.follow(message);
      if (kind === "open") return;
      if (kind === "refuse") return refusals.inc({ code: codeOf(reason) });
      lives.inc({ kind });
      if (how !== undefined && how !== "new") resumes.inc({ how });
      if (kind === "evict") evictions.inc();
    })
    .on(diagnostics.turn, ({ kind, ms, error }) => {
      turns.inc({ kind });
      turnSeconds.observe({ kind }, ms / 1000);
      if (error !== undefined) turnErrors.inc({ code: codeOf(error) });
    })
    .on(diagnostics.frame, ({ direction, bytes }) => {
      if (direction === "up") return received.inc(bytes);
      frames.inc();
      frameBytes.observe(bytes);
    })
    .on(diagnostics.error, ({ code }) => errors.inc({ code: codeOf(code) }))
    .on(diagnostics.http, ({ method, status, ms }) => {
      const known = METHODS.has(method) ? method : "other";
      requests.inc({ method: known, status: `${Math.floor(status / 100)}xx` });
      requestSeconds.observe({ method: known }, ms / 1000);
    })
    .on(diagnostics.storm, ({ budget }) => storms.inc({ budget }))
    .on(diagnostics.state, ({ kind, count = 1 }) => states.inc({ kind }, count))
    .on(diagnostics.work, ({ kind, ms, failed }) => {
      work.observe({ kind }, ms / 1000);
      if (failed) workErrors.inc({ kind });
    });
  return () => subscriptions.stop();
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Our codes are a fixed set; what else stands in a reason is one value. */
function codeOf(code: string | undefined): string {
  return code !== undefined && /^(?:VANGO_[A-Z0-9_]{1,60}|origin|cookie)$/.test(code) ? code : "other";
}

/** Which sessions have a socket now, by what the channel tells. */
class SessionCount {
  readonly #attached = new Map<string, boolean>();
  #withSocket = 0;

  constructor(
    readonly active: Gauge,
    readonly detached: Gauge,
  ) {}

  follow({ kind, session }: SessionMessage): void {
    if (session === "") return;
    switch (kind) {
      case "join":
      case "restore":
      case "fresh":
      case "fork":
      case "resume":
        this.#set(session, true);
        break;
      case "detach":
        this.#set(session, false);
        break;
      case "park":
      case "evict":
      case "close":
        this.#set(session, undefined);
    }
  }

  #set(session: string, attached: boolean | undefined): void {
    if (this.#attached.get(session) === true) this.#withSocket--;
    if (attached === undefined) this.#attached.delete(session);
    else this.#attached.set(session, attached);
    if (attached === true) this.#withSocket++;
    this.active.set(this.#withSocket);
    this.detached.set(this.#attached.size - this.#withSocket);
  }
}
