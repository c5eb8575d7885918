// The turn that runs: what it starts at its commit, its flush into one frame, its effects. Turns never nest and never interleave,
// so this state is one for all loops of the process, and empty between turns.
import { coreError } from "../errors.js";
import { boundaryOf } from "../live/component-cell.js";
import { resetChild } from "../live/child.js";
import type { EffectNode } from "../reactive/effect.js";
import { forgetEdit } from "../reactive/list-edit.js";
import { FIRST_RUN, running, type Watcher } from "../reactive/system.js";
import { forgetTx } from "../reactive/tx.js";
import { keepWrites } from "../reactive/undo.js";
import { overBudget } from "./budget.js";
import { cellOf, ownerOf, turnError } from "./failure.js";
import type { Loop } from "./loop.js";
import { outgoing, writeCommands } from "./outgoing.js";
import { beginWrites, forgetWritten, handOver } from "./persisted-cell.js";
import { clearQueue, effects, takeWatcher } from "./queue.js";
import { endRefusals } from "./refused-urls.js";
import { sharedWriter } from "./shared-writer.js";

/** Post-commit cycles of one turn. */
export const MAX_CYCLES = 10;

/** Something that begins at a commit; `dropped` hears that it never will. */
export interface Started {
  (): void;
  dropped?(): void;
}

/** What a turn starts when it commits. */
export const after: Started[] = [];
/** What a component's setup asked for; it runs as soon as setup has returned. */
export const afterSetup: (() => void)[] = [];

/** The mark of the watcher that is running: a flush never nests, so one object serves all. */
const flushMark = { at: 0, text: 0, defined: 0, nextId: 0, outgoing: 0 };

/** Takes back what was started since the list had this length. */
export function dropStarted(from: number): void {
  if (after.length === from) return;
  for (const start of after.splice(from)) start.dropped?.();
}

export function enterTurn(loop: Loop, phase: "render" | "handler"): void {
  if (running.loop !== undefined) throw coreError("VANGO_PHASE", { message: "Another turn is running." });
  forgetTx();
  running.loop = loop;
  running.phase = phase;
  running.writable = phase === "handler" ? loop : undefined;
  running.sub = undefined;
  beginWrites();
}

export function leaveTurn(): void {
  running.loop = undefined;
  running.phase = "idle";
  running.writable = undefined;
  running.sub = undefined;
  endRefusals();
  // The log is one for all loops: nothing of this turn may be restored by a later one.
  keepWrites();
  forgetWritten();
  forgetEdit();
}

/** What follows a committed handler: start what it asked for, flush, frame, effects; their writes are another cycle. */
export function runCycles(loop: Loop): void {
  let reruns = 0;
  for (let cycle = 0; ; cycle++) {
    running.phase = "render";
    running.writable = undefined;
    if (after.length > 0) for (const start of after.splice(0)) begin(loop, start);
    flush(loop);
    sendFrame(loop);
    if (effects.length === 0 && after.length === 0) return;
    if (cycle === MAX_CYCLES) {
      const message = `Still waiting: ${namesOfEffects(effects)}.`;
      settleEffects();
      dropStarted(0);
      loop.host.onError(coreError("VANGO_EFFECT_LOOP", { message }), loop);
      return;
    }
    const most = loop.host.budget?.effectsPerTurn ?? Infinity;
    for (const effect of effects.splice(0)) {
      if ((effect.flags & FIRST_RUN) !== 0) effect.flags &= ~FIRST_RUN;
      else if (effect.flags !== 0 && ++reruns > most) {
        // What waits does not run, now or in a later cycle of this turn: it is marked as having seen what is.
        (effect as EffectNode).settle();
        if (reruns === most + 1) refuseEffects(loop, most);
        continue;
      }
      effect.run();
    }
    handOver(loop);
    keepWrites();
  }
}

function refuseEffects(loop: Loop, most: number): void {
  loop.host.onError(overBudget("effectsPerTurn", most), loop);
  loop.host.onBudget?.("effectsPerTurn", loop);
}

function namesOfEffects(waiting: readonly Watcher[]): string {
  const names = [...new Set(waiting.map((effect) => (effect as EffectNode).label))];
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.length === 0 ? "what effects started" : names.join(", ");
}

/** What starts at a commit may throw in user code (a subscription's source): that is its own failure alone. */
function begin(loop: Loop, start: () => void): void {
  try {
    start();
  } catch (error) {
    loop.host.onError(turnError(error, "VANGO_DISPATCH"), loop);
  }
}

/** The effects that wait do not run: their state is as they saw it, or they have had their cycles. */
export function settleEffects(): void {
  const { phase, writable } = running;
  running.phase = "render";
  running.writable = undefined;
  for (const effect of effects.splice(0)) (effect as EffectNode).settle();
  running.phase = phase;
  running.writable = writable;
}

function flush(loop: Loop): void {
  for (let watcher = takeWatcher(); watcher !== undefined; watcher = takeWatcher()) {
    if (watcher.flags === 0) continue;
    const mark = flushMark;
    sharedWriter.markInto(mark);
    mark.nextId = loop.nextId;
    mark.outgoing = outgoing.length;
    try {
      watcher.run();
    } catch (error) {
      running.sub = undefined;
      loop.rewind(mark);
      fail(loop, watcher, error);
    }
  }
}

/** Shows the fallback of the nearest boundary above a watcher that threw. */
function fail(loop: Loop, watcher: Watcher, error: unknown): void {
  loop.report(error, ownerOf(watcher));
  let failure = error;
  for (let boundary = boundaryOf(cellOf(watcher)); boundary !== undefined; boundary = boundaryOf(boundary.parent)) {
    const mark = loop.mark();
    try {
      boundary.fail(failure);
      return;
    } catch (next) {
      running.sub = undefined;
      loop.rewind(mark);
      failure = next;
      loop.report(next, boundary);
    }
  }
  if (loop.root !== undefined) resetChild(loop.root, 1, "");
  loop.host.onFailure?.(failure, loop);
}

function sendFrame(loop: Loop): void {
  if (outgoing.length > 0) {
    const commands = outgoing.splice(0);
    if (loop.host.keepCommands?.(commands) !== true) writeCommands(sharedWriter, commands);
  }
  if (!sharedWriter.empty) loop.host.sendFrame(loop, sharedWriter);
}

/** A mount failed or a session ended: nothing of it may reach the turns of other sessions. */
export function abandonTurn(): void {
  dropStarted(0);
  afterSetup.length = 0;
  outgoing.length = 0;
  effects.length = 0;
  clearQueue();
}
