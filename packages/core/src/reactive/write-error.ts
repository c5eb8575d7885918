// What a refused call says: what was called, where in the application, in which phase, and which async work was running.
import { coreError, type CoreErrorCode } from "../errors.js";
import type { VangoError } from "../vango-error.js";
import { placeOfWork } from "./async-work.js";
import { running, type Phase } from "./system.js";

const WRITE_ERRORS: Record<Phase, CoreErrorCode> = {
  idle: "VANGO_OFF_LOOP_WRITE",
  loader: "VANGO_OFF_LOOP_WRITE",
  handler: "VANGO_OFF_LOOP_WRITE",
  setup: "VANGO_WRITE_IN_SETUP",
  render: "VANGO_WRITE_IN_RENDER",
  effect: "VANGO_WRITE_IN_EFFECT",
};

/** The error of a write that is not allowed now. `owner`: the loop of what was written. */
export function writeError(name: string | undefined, owner: object): VangoError {
  const foreign = running.loop !== undefined && running.loop !== owner;
  const code = foreign && running.phase === "effect" ? "VANGO_OFF_LOOP_WRITE" : WRITE_ERRORS[running.phase];
  const at = callerPlace();
  const related = workNow(owner);
  return coreError(code, {
    message: sentence(name === undefined ? "The write" : `The write of "${name}"`, at, related, foreign),
    ...(foreign ? { fix: "A signal belongs to the session that made it. Share state between sessions with setup.globalSignal, or bring the write there with the other session's ctx.dispatch." } : {}),
    at,
    related,
  });
}

/** The error of any other call in the wrong place: `what` is what was called, `fix` how to say it instead. */
export function misplaced(what: string, owner: object, fix: string): VangoError {
  const foreign = running.loop !== undefined && running.loop !== owner;
  const at = callerPlace();
  const related = workNow(owner);
  return coreError("VANGO_PHASE", { message: sentence(what, at, related, foreign), fix, at, related });
}

function sentence(what: string, at: string, related: string | undefined, foreign: boolean): string {
  const where = foreign ? "in a turn of another session" : related === undefined ? PHASES[running.phase] : `in ${related}`;
  return `${what} is at ${at}, ${where}.`;
}

/** How a phase is called in a message. */
export const PHASES: Record<Phase, string> = {
  idle: "outside every turn",
  loader: "in work that runs off the loop",
  handler: "in a handler or callback",
  setup: "in setup",
  render: "while rendering",
  effect: "in an effect",
};

/** Inside a turn the async context is that of who asked for it: it names nothing here. */
function workNow(owner: object): string | undefined {
  return running.phase === "idle" || running.phase === "loader" ? placeOfWork(owner) : undefined;
}

/** First stack line outside the framework: where application code made the call. */
export function callerPlace(): string {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  const line = lines.find((l) => !/[\\/](?:@vango|vango|packages)[\\/](?:core|server)[\\/](?:src|dist)[\\/]/.test(l)) ?? lines[lines.length - 1];
  return (line ?? "").trim().replace(/^at /, "");
}
