// The floor of every update: varints by hand into one reused buffer, all text in one string that is written at the end.
// Same frame layout as the framework's, with nothing else in the way.

export const SET = 0;
export const FLAG = 1;
export const INSERT = 2;
export const MOVE = 4;
export const CLEAR = 5;

export class HandEncoder {
  readonly buf = Buffer.allocUnsafe(1 << 22);
  #at = 8;
  #text = "";

  begin(): void {
    this.#at = 8;
    this.#text = "";
  }

  op(instance: number, op: number): void {
    this.uint(instance * 8 + op);
  }

  uint(n: number): void {
    const buf = this.buf;
    let at = this.#at;
    let left = n;
    while (left > 127) {
      buf[at++] = (left & 127) | 128;
      left >>>= 7;
    }
    buf[at++] = left;
    this.#at = at;
  }

  text(s: string): void {
    this.uint(s.length);
    this.#text += s;
  }

  /** Content of a text range of a new row. */
  rowText(s: string): void {
    this.buf[this.#at++] = 0;
    this.text(s);
  }

  /** Closes the frame; the view is valid until the next `begin`. */
  end(seq: number, ack: number): Uint8Array {
    const buf = this.buf;
    const ops = this.#at - 8;
    let end = this.#at;
    if (this.#text.length > 0) end += buf.utf8Write(this.#text, end);
    let size = 1;
    for (let n = ops; n > 127; n >>>= 7) size++;
    const start = 8 - size - 3;
    buf[start] = 2;
    buf[start + 1] = seq;
    buf[start + 2] = ack;
    let at = start + 3;
    let left = ops;
    while (left > 127) {
      buf[at++] = (left & 127) | 128;
      left >>>= 7;
    }
    buf[at] = left;
    return buf.subarray(start, end);
  }
}

declare global {
  interface Buffer {
    utf8Write(text: string, offset: number): number;
  }
}
