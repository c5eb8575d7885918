// What a failure becomes: the error that is reported, and the cell whose boundary shows it.
import { coreError } from "../errors.js";
import { Cell, type Owner } from "../live/cell.js";
import { BoundaryCell } from "../live/component-cell.js";
import type { Watcher } from "../reactive/system.js";
import { txOf } from "../reactive/tx.js";
import { messageOf } from "../thrown.js";
import { VangoError } from "../vango-error.js";

/** Whose a watcher is: what an error of it names. */
export function ownerOf(watcher: Watcher): Owner | undefined {
  return watcher instanceof Cell ? watcher : (watcher as { cell?: Owner }).cell;
}

/** Where the search for a boundary starts: a boundary's own run fails in its children, any other cell's in itself. */
export function cellOf(watcher: Watcher): Owner | undefined {
  if (watcher instanceof BoundaryCell) return watcher;
  return watcher instanceof Cell ? watcher.parent : ownerOf(watcher);
}

/** The error of a turn: VANGO_HANDLER for an event, VANGO_DISPATCH for callbacks, timers and completions. */
export function turnError(error: unknown, code: "VANGO_HANDLER" | "VANGO_DISPATCH" | "VANGO_EFFECT" = "VANGO_HANDLER"): VangoError {
  if (error instanceof VangoError) return error;
  const group = txOf(error);
  return coreError(code, { message: `${messageOf(error)}${group === undefined ? "" : ` (in tx "${group}")`}`, cause: error });
}
