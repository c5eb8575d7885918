// What the live tree asks of its loop. Keeps the tree free of turns, timers and sessions.
import type { FrameWriter, WriterMark } from "../protocol/writer.js";
import type { EffectHost } from "../reactive/effect.js";
import type { WatcherQueue } from "../reactive/system.js";
import type { Template } from "../template/define.js";
import type { Ctx } from "../setup/types.js";
import type { Owner } from "./cell.js";

export interface TreeHost extends WatcherQueue, EffectHost {
  readonly label: string;
  readonly writer: FrameWriter;
  readonly ctx: Ctx;
  /** Reserves `n` consecutive instance ids and gives the first. */
  allot(n: number): number;
  /** The template's number on this session's wire; defines it in the frame, with HTML, when the client lacks it. */
  templateNumber(template: Template): number;
  /** A point to take written operations back to. */
  mark(): FrameMark;
  rewind(mark: FrameMark): void;
  /** Reports an error that a boundary has shown or that has no boundary. */
  report(error: unknown, cell: Owner | undefined): void;
  enqueue(watcher: { flags: number; readonly depth: number; run(): void }): void;
}

export interface FrameMark extends WriterMark {
  readonly nextId: number;
  readonly outgoing: number;
}
