// Writes patch operations straight into one growing buffer: varints for the ops, one string for all text. A frame is
// closed into `[kind, seq, ack, opsLength, ops, UTF-8 pool]`. One writer serves all sessions of the process: a flush is
// synchronous, so a frame is always complete before another session runs. `mark`/`rewind` take back what a failed part wrote.

/** Opcodes: low three bits of the first varint of an op. */
export const OP_SET = 0;
export const OP_FLAG = 1;
export const OP_INSERT = 2;
export const OP_REMOVE = 3;
export const OP_MOVE = 4;
export const OP_CLEAR = 5;
export const OP_REPLACE = 6;
export const OP_EXT = 7;

/** Extension code of a template definition. */
const EXT_TEMPLATE = 0;

const INITIAL_BYTES = 16 * 1024;
const KEEP_BYTES = 1024 * 1024;
/** Room in front of the ops for kind, seq, ack and a five-byte opsLength. */
const HEADER = 8;
/** One UTF-16 unit is at most three bytes of UTF-8. */
const MAX_UTF8 = 3;

const encoder = new TextEncoder();

/** A frame of at most this many bytes is copied into an array that is kept: making a view costs more than the copy. */
const SMALL = 64;
/** One array for each length. */
const small: (Uint8Array | undefined)[] = [];

export interface WriterMark {
  readonly at: number;
  readonly text: number;
  readonly defined: number;
}

/** What a frame says about a template it defines. */
export interface TemplateSource {
  readonly id: string;
  readonly table: string;
  readonly html: string;
}

interface Definition {
  readonly number: number;
  readonly template: TemplateSource;
  readonly html: boolean;
}

export class FrameWriter {
  #buf: Uint8Array = new Uint8Array(INITIAL_BYTES);
  #at = HEADER;
  #text = "";
  /** Definitions go in front of the ops: a row may turn out to need one while it is being written. */
  #defined: Definition[] = [];

  /** True when no op was written since the last frame. */
  get empty(): boolean {
    return this.#at === HEADER;
  }

  /** Bytes of ops written so far, without the text. */
  get size(): number {
    return this.#at - HEADER;
  }

  reset(): void {
    this.#at = HEADER;
    this.#text = "";
    this.#defined.length = 0;
    if (this.#buf.length > KEEP_BYTES) this.#buf = new Uint8Array(INITIAL_BYTES);
  }

  mark(): WriterMark {
    return { at: this.#at, text: this.#text.length, defined: this.#defined.length };
  }

  /** As `mark`, into an object that is there. */
  markInto(mark: { at: number; text: number; defined: number }): void {
    mark.at = this.#at;
    mark.text = this.#text.length;
    mark.defined = this.#defined.length;
  }

  /** Takes back everything since the mark; gives the templates whose definition went with it. */
  rewind<T extends TemplateSource>(mark: WriterMark): readonly T[] {
    this.#at = mark.at;
    this.#text = this.#text.slice(0, mark.text);
    return this.#defined.splice(mark.defined).map((d) => d.template as T);
  }

  /** Defines a template in this frame, with the HTML to clone or (table only) without. */
  define(number: number, template: TemplateSource, html: boolean): void {
    this.#defined.push({ number, template, html });
  }

  op(instance: number, op: number): void {
    const n = instance * 8 + op;
    if (n < 0x80 && this.#at < this.#buf.length) this.#buf[this.#at++] = n;
    else this.varint(n);
  }

  varint(n: number): void {
    if (this.#at + 10 > this.#buf.length) this.#grow(10);
    const buf = this.#buf;
    let at = this.#at;
    while (n > 0x7fffffff) {
      buf[at++] = (n % 128) | 0x80;
      n = Math.floor(n / 128);
    }
    while (n > 0x7f) {
      buf[at++] = (n & 0x7f) | 0x80;
      n >>>= 7;
    }
    buf[at++] = n;
    this.#at = at;
  }

  /** A string operand: its length in UTF-16 units; the text goes to the pool. */
  str(s: string): void {
    const n = s.length;
    if (n < 0x80 && this.#at < this.#buf.length) this.#buf[this.#at++] = n;
    else this.varint(n);
    this.#text += s;
  }

  /** A value of a new row: 0 absent, 1 empty or true, n+2 a text of n units. */
  value(v: string | number | bigint | boolean | null): void {
    if (v === null || v === false) this.varint(0);
    else if (v === true || v === "") this.varint(1);
    else {
      const s = typeof v === "string" ? v : String(v);
      this.varint(s.length + 2);
      this.#text += s;
    }
  }

  bytes(b: Uint8Array): void {
    this.varint(b.length);
    if (this.#at + b.length > this.#buf.length) this.#grow(b.length);
    this.#buf.set(b, this.#at);
    this.#at += b.length;
  }

  /** Closes the frame. The result is a view into the writer's buffer: use or copy it before the next write. */
  finish(kind: number, seq: number, ack: number): Uint8Array {
    if (this.#defined.length > 0) this.#putDefinitionsInFront();
    const text = this.#text;
    const units = text.length;
    const ops = this.#at - HEADER;
    let end = this.#at;
    if (units !== 0) {
      if (end + units * MAX_UTF8 > this.#buf.length) this.#grow(units * MAX_UTF8);
      const buf = this.#buf;
      if (units < 64) {
        let i = 0;
        for (; i < units; i++) {
          const c = text.charCodeAt(i);
          if (c > 0x7f) break;
          buf[end + i] = c;
        }
        end += i === units ? units : encoder.encodeInto(text, buf.subarray(end)).written;
      } else {
        end += encoder.encodeInto(text, buf.subarray(end)).written;
      }
    }
    const buf = this.#buf;
    const lengthBytes = ops < 0x80 ? 1 : ops < 0x4000 ? 2 : ops < 0x200000 ? 3 : ops < 0x10000000 ? 4 : 5;
    let start = HEADER - lengthBytes;
    let at = start;
    let n = ops;
    while (n > 0x7f) {
      buf[at++] = (n & 0x7f) | 0x80;
      n >>>= 7;
    }
    buf[at] = n;
    buf[--start] = ack & 0xff;
    buf[--start] = seq & 0xff;
    buf[--start] = kind;
    this.#at = HEADER;
    this.#text = "";
    const length = end - start;
    if (length > SMALL) return buf.subarray(start, end);
    const out = (small[length] ??= new Uint8Array(length));
    for (let i = 0; i < length; i++) out[i] = buf[start + i] as number;
    return out;
  }

  #putDefinitionsInFront(): void {
    const ops = this.#buf.slice(HEADER, this.#at);
    const text = this.#text;
    const defined = this.#defined;
    this.#defined = [];
    this.#at = HEADER;
    this.#text = "";
    for (const { number, template, html } of defined) {
      this.op(EXT_TEMPLATE, OP_EXT);
      this.varint(number);
      this.str(template.id);
      this.str(template.table);
      this.str(html ? template.html : "");
    }
    if (this.#at + ops.length > this.#buf.length) this.#grow(ops.length);
    this.#buf.set(ops, this.#at);
    this.#at += ops.length;
    this.#text += text;
  }

  #grow(need: number): void {
    let size = this.#buf.length * 2;
    while (size < this.#at + need) size *= 2;
    const next = new Uint8Array(size);
    next.set(this.#buf.subarray(0, this.#at));
    this.#buf = next;
  }
}
