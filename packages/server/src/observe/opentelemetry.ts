/**
 * Traces for OpenTelemetry: a span a turn and a request, made when they have ended, and a span a loader and action that is
 * active while it runs, so that spans of database and HTTP clients inside it are its children.
 */
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Tracer } from "@opentelemetry/api";
import { aroundWork, diagnostics } from "../diagnostics.js";
import { Subscriptions } from "./subscriptions.js";

/** Options of {@link opentelemetryTraces}. */
export interface OpentelemetryOptions {
  /** Default: the global provider's tracer `@vango/server`. */
  readonly tracer?: Tracer;
  /** Turns shorter than this get no span unless they failed, ms. Default 0: every turn. */
  readonly minTurnMs?: number;
}

/**
 * Begins to trace; the result ends it.
 *
 * @example
 * // before createApp, after the SDK was started
 * import { opentelemetryTraces } from "@vango/server/opentelemetry";
 * const stop = opentelemetryTraces({ minTurnMs: 1 });
 */
export function opentelemetryTraces({ tracer = trace.getTracer("@vango/server"), minTurnMs = 0 }: OpentelemetryOptions = {}): () => void {
  const ended = (name: string, kind: SpanKind, ms: number, attributes: Attributes, error: string | undefined): void => {
    const end = Date.now();
    const span = tracer.startSpan(name, { kind, startTime: end - ms, attributes });
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(end);
  };
  const subscriptions = new Subscriptions()
    .on(diagnostics.turn, ({ kind, session, ms, name, error }) => {
      if (ms < minTurnMs && error === undefined) return;
      ended(`vango.${kind}`, SpanKind.SERVER, ms, { "vango.session_id": session, ...(name === undefined ? {} : { "vango.name": name }) }, error);
    })
    .on(diagnostics.http, ({ method, path, status, ms }) => {
      ended(`${method}`, SpanKind.SERVER, ms, { "http.request.method": method, "url.path": path, "http.response.status_code": status }, status >= 500 ? String(status) : undefined);
    });
  const stopWork = aroundWork((kind, place, run) => {
    const span = tracer.startSpan(`vango.${kind}`, { kind: SpanKind.INTERNAL, attributes: { "vango.place": place } });
    return context.with(trace.setSpan(context.active(), span), () => run((failure) => {
      if (failure !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure instanceof Error ? failure.message : String(failure) });
        if (failure instanceof Error) span.recordException(failure);
      }
      span.end();
    }));
  });
  return () => {
    subscriptions.stop();
    stopWork();
  };
}
