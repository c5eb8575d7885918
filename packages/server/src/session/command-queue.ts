/**
 * What frames tell a page besides its state (events for the document, addresses), kept until the page has surely heard it: a
 * page that is brought up to date by a snapshot must not miss a toast. Invariants: bounded in number and bytes, the oldest
 * goes first; of several addresses only the last is given again.
 */
import type { PageCommand } from "@vango/core/internal";

/** Commands that are kept. */
export const MAX_COMMANDS = 64;
/** Bytes of their texts and details. */
export const MAX_COMMAND_BYTES = 64 * 1024;

const PUSH = 0;

interface Kept {
  /** Number of the frame that carries it, or would have. */
  readonly frame: number;
  readonly command: PageCommand;
}

export class CommandQueue {
  #kept: Kept[] = [];
  /** Of texts and details. */
  bytes = 0;

  get count(): number {
    return this.#kept.length;
  }

  add(frame: number, commands: readonly PageCommand[]): void {
    for (const command of commands) {
      this.#kept.push({ frame, command });
      this.bytes += sizeOf(command);
    }
    while (this.#kept.length > MAX_COMMANDS || this.bytes > MAX_COMMAND_BYTES) this.#shift();
  }

  /** The page has the frames up to this one. */
  drop(frame: number): void {
    while (this.#kept[0] !== undefined && this.#kept[0].frame <= frame) this.#shift();
  }

  /** In the order of a frame: the events, then one address. One entry of the history for all: new if one of them was. */
  take(): readonly PageCommand[] {
    const commands: PageCommand[] = [];
    let last: Extract<PageCommand, { url: string }> | undefined;
    for (const { command } of this.#kept) {
      if ("emit" in command) commands.push(command);
      else last = last?.mode === PUSH ? { ...command, mode: PUSH } : command;
    }
    if (last !== undefined) commands.push(last);
    this.#kept = [];
    this.bytes = 0;
    return commands;
  }

  #shift(): void {
    const { command } = this.#kept.shift() as Kept;
    this.bytes -= sizeOf(command);
  }
}

const sizeOf = (command: PageCommand): number => ("emit" in command ? command.emit.length + command.detail.length : command.url.length);
