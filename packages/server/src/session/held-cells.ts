/**
 * One held frame of a few bytes, as most sessions have at most: it lies in a cell of a slab that all sessions of the process
 * share. A buffer of its own would be three objects, a third of a kilobyte; a cell is 64 bytes, and a session keeps its number
 * alone. Invariant: who takes a cell gives it back.
 */

const CELL_BYTES = 64;
const FIRST_CELLS = 256;

/** The longest frame that a cell takes. */
export const CELL_FRAME = CELL_BYTES - 1;

/** Of each cell the first byte is the length of its frame. */
let cells = new Uint8Array(CELL_BYTES * FIRST_CELLS);
/** Cells that were given back; the last is taken first, because it is still in the processor's cache. */
const free: number[] = [];
/** Cells that were taken at least once. Cell 0 is nobody's: 0 means none. */
let used = 1;

/** Copies the frame into a cell. */
export function takeCell(frame: Uint8Array): number {
  const cell = free.pop() ?? used++;
  let at = cell * CELL_BYTES;
  if (at === cells.length) {
    const larger = new Uint8Array(at * 2);
    larger.set(cells);
    cells = larger;
  }
  const n = frame.length;
  cells[at++] = n;
  for (let i = 0; i < n; i++) cells[at + i] = frame[i] as number;
  return cell;
}

/** A view, valid until the next call of this file. */
export function inCell(cell: number): Uint8Array {
  const at = cell * CELL_BYTES;
  return cells.subarray(at + 1, at + 1 + (cells[at] as number));
}

export function giveCell(cell: number): void {
  free.push(cell);
}

/** Cells that somebody has, for tests. */
export function cellsInUse(): number {
  return used - 1 - free.length;
}
