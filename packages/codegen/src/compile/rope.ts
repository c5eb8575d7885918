// Output text as pieces: generated text, and slices of the source that keep their position for the source map.
// Slices may be used in any order; that is why this is not an in-place edit of the source.
import { SourceMap } from "magic-string";

interface Slice { readonly start: number; readonly end: number }
type Piece = string | Slice | { readonly mark: number };

/** A text under construction. */
export class Rope {
  private readonly pieces: Piece[] = [];

  /** Appends generated text. */
  text(text: string): this {
    if (text !== "") this.pieces.push(text);
    return this;
  }

  /** Appends a slice of the source. */
  slice(start: number, end: number): this {
    if (end > start) this.pieces.push({ start, end });
    return this;
  }

  /** Maps the text that follows to a place of the source. */
  mark(offset: number): this {
    this.pieces.push({ mark: offset });
    return this;
  }

  append(other: Rope): this {
    for (const piece of other.pieces) this.pieces.push(piece);
    return this;
  }

  /** The text and its map. */
  render(source: string, file: string): { readonly code: string; readonly map: SourceMap } {
    const lineStarts = [0];
    for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) lineStarts.push(i + 1);
    const mappings: [number, number, number, number][][] = [[]];
    let code = "";
    let lineBegin = 0;
    const map = (offset: number): void => {
      const line = lineOf(lineStarts, offset);
      mappings[mappings.length - 1]?.push([code.length - lineBegin, 0, line, offset - (lineStarts[line] ?? 0)]);
    };
    const write = (text: string): void => {
      code += text;
      for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) {
        mappings.push([]);
        lineBegin = code.length - text.length + i + 1;
      }
    };
    for (const piece of this.pieces) {
      if (typeof piece === "string") write(piece);
      else if ("mark" in piece) map(piece.mark);
      else {
        // One mapping a word: stack traces and breakpoints hit the very token.
        const word = /[\p{L}\p{N}_$]+|\s+|[^\p{L}\p{N}_$\s]/gu;
        const text = source.slice(piece.start, piece.end);
        for (let m = word.exec(text); m !== null; m = word.exec(text)) {
          map(piece.start + m.index);
          write(m[0]);
        }
      }
    }
    const sourceName = file.replace(/^.*[\\/]/, "");
    return { code, map: new SourceMap({ file: sourceName, sources: [file], sourcesContent: [source], names: [], mappings }) };
  }
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
