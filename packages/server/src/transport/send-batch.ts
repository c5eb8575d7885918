/**
 * Small messages of one iteration of the event loop leave together, at its end. Each is a system call of its own, but who waits
 * for them is woken once instead of once a message, and handlers run without a visit to the kernel between them: under load that
 * is a quarter of the system time. A message that is alone leaves in its own iteration as well, so nobody waits for it. Invariants:
 * - the bytes are copied when they are added, and the messages of one socket leave in their order;
 * - whoever writes to a socket past the batch, or closes one, flushes the batch first, also from inside a flush.
 */

/** A socket, as far as the batch is concerned. */
export interface BatchTarget {
  /** Hands one message to the system. The bytes may be reused as soon as it returns. */
  write(bytes: Uint8Array): unknown;
  /** Runs `fn`, whose messages are all for this socket, in as few system calls as possible. */
  cork(fn: () => void): void;
}

/** A larger message is a system call that is worth its own, bytes. */
const LARGE = 1024;
/** So many messages leave before the end of the iteration: the first does not wait for hundreds of turns. */
const MOST = 32;
/** Messages of at most so many bytes are copied into arrays that are kept: making one costs more than the copy. */
const SMALL = 64;

export class SendBatch {
  /** They keep their length: an array that is emptied gives its memory back and grows again. */
  readonly #targets = new Array<BatchTarget | undefined>(MOST).fill(undefined);
  readonly #messages = new Array<Uint8Array | undefined>(MOST).fill(undefined);
  /** An array for each place in the batch and each length, made when it is needed. */
  readonly #small = new Array<Uint8Array | undefined>(MOST * (SMALL + 1)).fill(undefined);
  #count = 0;
  /** What is written next, and the end of the run of messages for one socket. */
  #next = 0;
  #runEnd = 0;
  #armed = false;
  readonly #writeRun = (): void => {
    while (this.#next < this.#runEnd) this.#write();
  };
  readonly #atEnd = (): void => {
    this.#armed = false;
    this.flush();
  };

  /** False: too large. The caller flushes and writes it itself. */
  add(target: BatchTarget, bytes: Uint8Array): boolean {
    if (bytes.length > LARGE) return false;
    if (this.#count >= MOST && this.#next === 0) this.flush();
    const at = this.#count++;
    this.#targets[at] = target;
    this.#messages[at] = this.#copy(bytes, at);
    if (!this.#armed) {
      this.#armed = true;
      setImmediate(this.#atEnd);
    }
    return true;
  }

  /** Writes all that waits. */
  flush(): void {
    while (this.#next < this.#count) {
      const target = this.#targets[this.#next] as BatchTarget;
      let end = this.#next + 1;
      while (end < this.#count && this.#targets[end] === target) end++;
      this.#runEnd = end;
      if (end - this.#next === 1) this.#write();
      else target.cork(this.#writeRun);
    }
    // The first of an inner and an outer flush that comes here has written all.
    this.#next = 0;
    this.#runEnd = 0;
    this.#count = 0;
    if (this.#targets.length > MOST) this.#targets.length = this.#messages.length = MOST;
  }

  #write(): void {
    const i = this.#next++;
    const target = this.#targets[i] as BatchTarget;
    const message = this.#messages[i] as Uint8Array;
    this.#targets[i] = undefined;
    this.#messages[i] = undefined;
    target.write(message);
  }

  #copy(bytes: Uint8Array, at: number): Uint8Array {
    const { length } = bytes;
    if (length > SMALL || at >= MOST) return bytes.slice();
    const place = at * (SMALL + 1) + length;
    const copy = (this.#small[place] ??= new Uint8Array(length));
    for (let i = 0; i < length; i++) copy[i] = bytes[i] as number;
    return copy;
  }
}
