// Sequence numbers: counted from 1 without end, sent as their low byte. Within the window the byte is unambiguous.
import { WINDOW } from "./limits.js";

/**
 * How far the number whose low byte is `byte` lies ahead of `last`: 1 is the next one, 2 to the window is a gap,
 * 0 or less is the past. `last` is the full number of the last message received in order.
 */
export function ahead(byte: number, last: number): number {
  const delta = (byte - last) & 255;
  return delta > WINDOW ? delta - 256 : delta;
}

/** The full number that an acknowledgement's low byte means: the highest not above `sent`. */
export const acknowledged = (byte: number, sent: number): number => sent - ((sent - byte) & 255);
