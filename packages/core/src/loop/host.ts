// What a loop needs from the world around it: a clock, timers, a place to send frames, somebody to report to.
import type { FrameWriter } from "../protocol/writer.js";
import type { VangoError } from "../vango-error.js";
import type { Topics } from "./global-cells.js";
import type { BudgetName, LoopBudget } from "./budget.js";
import type { Loop } from "./loop.js";
import type { PageCommand } from "./outgoing.js";

/** What runs off the loop: a loader, the work of an action, anything else. */
export type WorkKind = "resource" | "action" | "other";

export interface LoopHost {
  /** Milliseconds; only differences matter. */
  now(): number;
  setTimer(ms: number, fn: () => void): unknown;
  clearTimer(timer: unknown): void;
  /** Ask for `loop.runNext()` soon, never synchronously. */
  schedule(loop: Loop): void;
  /** The writer holds the operations of one frame: finish and send or keep it before returning. */
  sendFrame(loop: Loop, writer: FrameWriter): void;
  /** App-wide values. Absent: those of this process. */
  readonly globals?: Topics | undefined;
  /** Sets `loop.persist`, if persisted cells are kept: the first of the loop asks for it. */
  openPersist?(loop: Loop): void;
  /** Takes commands whose frame will not be sent; false or absent: they are written into the frame. */
  keepCommands?(commands: readonly PageCommand[]): boolean;
  /** An error of user code or of the client; the session goes on. */
  onError(error: VangoError, loop: Loop): void;
  /** No boundary caught what a render threw, and the page is empty now. Called inside the flush; absent: it stays so. */
  onFailure?(error: unknown, loop: Loop): void;
  /** Runs code off the loop under a name, so that a write in it can say where it happened. */
  offLoop<R>(place: string, fn: () => R, kind: WorkKind): R;
  /** Runs an async function of a turn under a name that stays with it past its awaits. Absent: it is called. */
  named?<R>(place: string, fn: () => R): R;
  /** Storm budgets. Absent: nothing is counted. */
  readonly budget?: LoopBudget;
  /** Something was refused because its budget is spent. Called inside turns: end the session later, not here. */
  onBudget?(name: BudgetName, loop: Loop): void;
  /** Asks whether the user's login still holds. Absent: it does. */
  revalidate?(loop: Loop): Promise<boolean>;
  navigate(loop: Loop, href: string, o: { replace?: boolean; scroll?: boolean }): void;
  /** The page's href with one query parameter changed ("" deletes it); becomes the current one. */
  writeQuery(loop: Loop, name: string, text: string): string;
  /** What `ctx.route` gives. */
  route(loop: Loop): { readonly path: string; readonly params: Readonly<Record<string, unknown>>; readonly query: URLSearchParams };
}
