// Commands that leave with the frame of the running turn, behind its DOM changes: events for the page and the address bar. One
// list serves all loops, for it is empty between turns.
import { Ext } from "../protocol/kinds.js";
import { OP_EXT, type FrameWriter } from "../protocol/writer.js";

export type PageCommand =
  | { readonly emit: string; readonly detail: Uint8Array }
  | { readonly url: string; readonly mode: number; readonly scroll: boolean };

export const outgoing: PageCommand[] = [];

/** Writes commands into the frame. */
export function writeCommands(w: FrameWriter, commands: readonly PageCommand[]): void {
  for (const command of commands) {
    if ("emit" in command) {
      w.op(Ext.EMIT, OP_EXT);
      w.str(command.emit);
      w.bytes(command.detail);
    } else {
      w.op(Ext.URL, OP_EXT);
      w.varint(command.mode);
      w.varint(command.scroll ? 1 : 0);
      w.str(command.url);
    }
  }
}
