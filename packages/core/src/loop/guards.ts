// User code that runs inside a turn but is not its handler: effects, callbacks, cleanups; and code that runs off the loop. Each
// gets its phase, and what it throws is its own failure.
import { coreError } from "../errors.js";
import type { EffectNode } from "../reactive/effect.js";
import { running } from "../reactive/system.js";
import { tx } from "../reactive/tx.js";
import { rollback, savepoint } from "../reactive/undo.js";
import { VangoError } from "../vango-error.js";
import { messageOf } from "../thrown.js";
import { turnError } from "./failure.js";
import type { WorkKind } from "./host.js";
import type { Loop } from "./loop.js";
import { checkKept, failed, handOver, isPersistError } from "./persisted-cell.js";
import { outgoing } from "./outgoing.js";
import { after, afterSetup, dropStarted } from "./turn.js";

export function guardEffect(loop: Loop, effect: EffectNode, body: () => void): void {
  const { phase, writable, sub } = running;
  const from = savepoint();
  const started = after.length;
  const commands = outgoing.length;
  running.phase = effect.writes ? "handler" : "effect";
  running.writable = effect.writes ? loop : undefined;
  try {
    body();
    if (effect.writes) checkKept(loop);
  } catch (error) {
    if (effect.writes) rollback(from);
    dropStarted(started);
    outgoing.length = commands;
    failed(loop, effectError(error));
  } finally {
    running.phase = phase;
    running.writable = writable;
    running.sub = sub;
  }
}

/** Runs an option callback inside a turn: what it throws takes back its own writes, not the result it was told of. */
export function guardCallback(loop: Loop, fn: () => void): void {
  try {
    tx(fn);
  } catch (error) {
    failed(loop, turnError(error, "VANGO_DISPATCH"));
  }
}

export function guardCleanup(loop: Loop, fn: () => void): void {
  const { phase, writable, sub } = running;
  running.phase = "effect";
  running.writable = undefined;
  running.sub = undefined;
  try {
    fn();
  } catch (error) {
    loop.host.onError(effectError(error), loop);
  } finally {
    running.phase = phase;
    running.writable = writable;
    running.sub = sub;
  }
}

/** Runs code that must not touch state: a loader, an action's work, a source's start. */
export function offLoop<R>(loop: Loop, place: string, fn: () => R, kind: WorkKind): R {
  const { loop: before, phase, writable, sub } = running;
  running.loop = undefined;
  running.phase = "loader";
  running.writable = undefined;
  running.sub = undefined;
  try {
    return loop.host.offLoop(place, fn, kind);
  } finally {
    running.loop = before;
    running.phase = phase;
    running.writable = writable;
    running.sub = sub;
  }
}

/** A component's setup has returned: what it asked for runs in the write phase. */
export function finishSetup(loop: Loop): void {
  if (afterSetup.length === 0) return;
  const fns = afterSetup.splice(0);
  const { phase, writable } = running;
  const from = savepoint();
  running.phase = "handler";
  running.writable = loop;
  try {
    for (const fn of fns) fn();
    handOver(loop);
  } catch (error) {
    // What cannot be kept is taken back and told; it is no failure of the component.
    if (!isPersistError(error)) throw error;
    rollback(from);
    failed(loop, error);
  } finally {
    running.phase = phase;
    running.writable = writable;
  }
}

function effectError(error: unknown): VangoError {
  return error instanceof VangoError ? error : coreError("VANGO_EFFECT", { message: messageOf(error), cause: error });
}
