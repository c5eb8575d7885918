// What a failure becomes: the error that is reported, and the cell whose boundary shows it.
import { coreError } from "../errors.js";
import { Cell, type Owner } from "../live/cell.js";
import { BoundaryCell } from "../live/component-cell.js";
import type { Watcher } from "../reactive/system.js";
import { txOf } from "../reactive/tx.js";
import { VangoError } from "../vango-error.js";

/** Where the search for a boundary starts: a boundary's own run fails in its children, any other cell's in itself. */
export function cellOf(watcher: Watcher): Owner | undefined {
  if (watcher instanceof BoundaryCell) return watcher;
  if (watcher instanceof Cell) return watcher.parent;
  return (watcher as { cell?: Owner }).cell;
}

/** What a page's code may reach for as if it ran in the browser. */
const OF_THE_BROWSER = /^(window|document|location|history|navigator|localStorage|sessionStorage|alert|confirm|prompt|requestAnimationFrame|HTMLElement) is not defined$/;

/** What was thrown, in words. Errors of another realm, or sent by another process, are known by their message. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  const name = error instanceof ReferenceError ? OF_THE_BROWSER.exec(error.message)?.[1] : undefined;
  return name === undefined ? error.message : `${error.message}: \`${name}\` is the browser's, and handlers and pages run on the server`;
}

/** The error of a turn: VANGO_HANDLER for an event, VANGO_DISPATCH for callbacks, timers and completions. */
export function turnError(error: unknown, code: "VANGO_HANDLER" | "VANGO_DISPATCH" | "VANGO_EFFECT" = "VANGO_HANDLER"): VangoError {
  if (error instanceof VangoError) return error;
  const group = txOf(error);
  return coreError(code, { message: `${messageOf(error)}${group === undefined ? "" : ` (in tx "${group}")`}`, cause: error });
}
