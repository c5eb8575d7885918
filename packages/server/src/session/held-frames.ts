/**
 * Frames that were sent and not yet acknowledged, oldest first, in one growing byte buffer: length, bytes, length, bytes … For
 * sessions that hold more than one short frame; see held.ts. What is empty and large gives its memory back.
 */

const FIRST_BYTES = 64;
/** An empty buffer of up to this size stays. */
const KEPT_BYTES = 1024;
/** A frame below this length is copied byte by byte: cheaper than a call. */
const SHORT = 48;

const lengthBytes = (n: number): number => (n < 0x80 ? 1 : n < 0x4000 ? 2 : n < 0x200000 ? 3 : 4);

let bodyAt = 0;

export class HeldFrames {
  /** Frames held. */
  count = 0;
  #bytes: Uint8Array | undefined = undefined;
  #head = 0;
  #end = 0;

  /** Bytes that are reserved. */
  get size(): number {
    return this.#bytes?.length ?? 0;
  }

  /** Holds a copy; false when it would be more than `limit` bytes in all. */
  push(frame: Uint8Array, limit: number): boolean {
    const n = frame.length;
    const need = n + lengthBytes(n);
    if (this.#end - this.#head + need > limit) return false;
    const bytes = this.#bytes !== undefined && this.#end + need <= this.#bytes.length ? this.#bytes : this.#room(need);
    let at = this.#end;
    let rest = n;
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    if (n < SHORT) for (let i = 0; i < n; i++) bytes[at + i] = frame[i] as number;
    else bytes.set(frame, at);
    this.#end = at + n;
    this.count++;
    return true;
  }

  /** Forgets the oldest. */
  drop(count: number): void {
    if (count >= this.count) {
      this.clear();
      return;
    }
    for (let i = 0; i < count; i++) this.#head = this.#skip(this.#head);
    this.count -= count;
  }

  clear(): void {
    this.count = 0;
    this.#head = 0;
    this.#end = 0;
    if (this.size > KEPT_BYTES) this.#bytes = undefined;
  }

  /** Gives the frames behind the first `skip` ones, until `each` says false. A view: valid during the call. */
  read(skip: number, each: (frame: Uint8Array) => boolean): void {
    const { count } = this;
    const bytes = this.#bytes;
    let at = this.#head;
    for (let i = 0; i < count; i++) {
      at = this.#skip(at);
      if (i >= skip && (bytes === undefined || !each(bytes.subarray(bodyAt, at)))) return;
    }
  }

  /** Where the frame whose length stands at `at` ends; its body begins at `bodyAt`. */
  #skip(at: number): number {
    const bytes = this.#bytes as Uint8Array;
    let n = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at++] as number;
      n |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f);
    bodyAt = at;
    return at + n;
  }

  #room(need: number): Uint8Array {
    const used = this.#end - this.#head;
    const old = this.#bytes;
    let bytes = old;
    // Moving to the front pays only when it leaves room for more than this frame.
    if (bytes === undefined || (used + need) * 4 > bytes.length * 3) {
      let size = FIRST_BYTES;
      while (size < used + need) size *= 2;
      bytes = new Uint8Array(size);
      if (old !== undefined) bytes.set(old.subarray(this.#head, this.#end));
    } else bytes.copyWithin(0, this.#head, this.#end);
    this.#bytes = bytes;
    this.#head = 0;
    this.#end = used;
    return bytes;
  }
}
