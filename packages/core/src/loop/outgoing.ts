// Commands that leave with the frame of the running turn, behind its DOM changes: events for the page and the address bar. One
// list serves all loops, for it is empty between turns.
import { Ext } from "../protocol/kinds.js";
import { OP_EXT, type FrameWriter } from "../protocol/writer.js";

type Command =
  | { readonly emit: string; readonly detail: Uint8Array }
  | { readonly url: string; readonly mode: number; readonly scroll: boolean };

export const outgoing: Command[] = [];

/** Writes the commands into the frame and forgets them. */
export function writeCommands(w: FrameWriter): void {
  for (const command of outgoing.splice(0)) {
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
