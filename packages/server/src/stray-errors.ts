/**
 * Errors of the framework that nobody caught: a write in a timer or a promise of a handler's own throws VANGO_OFF_LOOP_WRITE with
 * no caller to catch it, and Node ends the process for every user. Such an error has changed nothing, so it is reported and the
 * process lives on. Anything else ends the process as it always did.
 */
import { diagnostics } from "./diagnostics.js";

let installed = false;

/** Installed with the first listener. Reports to `vango:error` and the log. */
export function surviveStrayErrors(): void {
  if (installed) return;
  installed = true;
  process.on("uncaughtException", onStray);
}

export function onStray(error: unknown): void {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof Error && typeof code === "string" && code.startsWith("VANGO_")) {
    diagnostics.error.publish({ code, message: error.message, error });
    console.error(error);
    return;
  }
  // Another handler of the application's own decides about the rest.
  if (process.listenerCount("uncaughtException") > 1) return;
  console.error(error);
  process.exit(1);
}
