/**
 * Structured logs: one JSON object a line, from the diagnostics channels. What is ordinary is `info` once a session (it came,
 * it left), what is slow `warn`, what failed `error`; events and frames are not logged one by one.
 */
import { VangoError } from "@vango/core";
import { diagnostics } from "../diagnostics.js";
import { ClientMistakes, isClientMistake } from "./client-mistakes.js";
import { Subscriptions } from "./subscriptions.js";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: LogLevel;
  /** What happened: `session.join`, `turn.slow`, `http`, `error`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Options of {@link structuredLog}. */
export interface LogOptions {
  /** Where lines go. Default: JSON on stdout. */
  readonly write?: (line: LogLine) => void;
  /** The least level that is written. Default `info`. */
  readonly level?: LogLevel;
  /** Turns that take longer are logged, ms. Default 50. */
  readonly slowTurnMs?: number;
}

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Begins to log; the result ends it. Give `createApp` an `onError` that does nothing, or errors are written twice.
 *
 * @example
 * import { structuredLog } from "@vango/server/log";
 * structuredLog({ level: "warn" });
 */
export function structuredLog({ write = toStdout, level = "info", slowTurnMs = 50 }: LogOptions = {}): () => void {
  const log = (at: LogLevel, event: string, fields: Readonly<Record<string, unknown>>): void => {
    if (ORDER[at] < ORDER[level]) return;
    write({ time: new Date().toISOString(), level: at, event, ...fields });
  };
  const mistakes = new ClientMistakes();
  const subscriptions = new Subscriptions()
    .on(diagnostics.session, ({ kind, boot: _boot, ...fields }) => log(kind === "refuse" || kind === "evict" ? "warn" : kind === "open" ? "debug" : "info", `session.${kind}`, fields))
    .on(diagnostics.error, ({ code, message, session, error }) => {
      if (isClientMistake(code)) {
        const untold = mistakes.next(code, performance.now());
        if (untold !== undefined) log("warn", "error", { code, message, ...(session === undefined ? {} : { session }), ...(untold === 0 ? {} : { untold }) });
        return;
      }
      const more = error instanceof VangoError ? { ...(error.at === undefined ? {} : { at: error.at }), ...(error.related === undefined ? {} : { related: error.related }) } : {};
      // What was thrown is in the app's code; the error around it was made in ours.
      const thrown = error instanceof VangoError && error.cause instanceof Error ? error.cause : error;
      const stack = thrown instanceof Error ? { stack: thrown.stack } : {};
      log("error", "error", { code, message, ...(session === undefined ? {} : { session }), ...more, ...stack });
    })
    .on(diagnostics.turn, ({ ms, ...fields }) => {
      if (ms >= slowTurnMs) log("warn", "turn.slow", { ...fields, ms: round(ms) });
    })
    .on(diagnostics.state, ({ kind, ...fields }) => log(kind === "swept" ? "debug" : kind === "saved" ? "info" : "warn", `state.${kind}`, fields))
    .on(diagnostics.http, ({ ms, ...fields }) => log(fields.status >= 500 ? "warn" : "debug", "http", { ...fields, ms: round(ms) }));
  return () => subscriptions.stop();
}

const round = (ms: number): number => Math.round(ms * 100) / 100;

function toStdout(line: LogLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
