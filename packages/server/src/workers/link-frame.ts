/**
 * The frames between the processes of one app: 4 bytes length of the body, 1 byte kind, 4 bytes channel (little endian),
 * body. The reader takes chunks cut anywhere, copies a body only when it is spread over chunks, and refuses a length
 * before it allocates for it.
 */

/** Kinds of frames. A channel is one relayed socket, or one question. */
export const LinkKind = {
  /** First frame of who connects: version, token, own name. */
  HELLO: 1,
  /** Answer to it: version, name. */
  READY: 2,
  /** Relay a socket: what is known about it. */
  OPEN: 3,
  /** The session is here: messages may follow. */
  ACCEPT: 4,
  /** It is not. */
  ABSENT: 5,
  /** One WebSocket message, either way. */
  MESSAGE: 6,
  /** Close code (2 bytes) and reason, either way; nothing follows on the channel. */
  CLOSE: 7,
  /** 4 bytes: so many bytes of the owner's messages have left for the client. */
  TAKEN: 8,
  /** A question: length of its topic, topic, body. */
  ASK: 9,
  /** Its answer: 1 byte 0 for none, else 1 and the body. */
  ANSWER: 10,
  /** Something for all processes: length of its topic, topic, body. */
  PUBLISH: 11,
} as const;

export const HEAD_BYTES = 9;

/** The peer does not keep the rules of the link: the connection ends. */
export class LinkError extends Error {}

/** Writes a head for a body of `length` bytes. */
export function writeHead(out: Buffer, at: number, kind: number, channel: number, length: number): void {
  out.writeUInt32LE(length, at);
  out[at + 4] = kind;
  out.writeUInt32LE(channel, at + 5);
}

/** Called with each whole frame; `body` may be kept, nobody writes to it again. */
export type OnFrame = (kind: number, channel: number, body: Buffer) => void;

const NOTHING = Buffer.alloc(0);

export class LinkReader {
  /** Largest body that is taken now. */
  maxBody: number;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headFill = 0;
  #body: Buffer | undefined = undefined;
  #bodyFill = 0;
  #stopped = false;

  constructor(
    maxBody: number,
    private readonly onFrame: OnFrame,
  ) {
    this.maxBody = maxBody;
  }

  /** Nothing more is delivered, also not of the chunk that is being read. */
  stop(): void {
    this.#stopped = true;
    this.#body = undefined;
  }

  /** @throws LinkError for a body that is too long. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#stopped) {
      if (this.#body !== undefined) {
        at += this.#fill(this.#body, chunk, at);
        continue;
      }
      const left = chunk.length - at;
      if (this.#headFill > 0 || left < HEAD_BYTES) {
        const take = Math.min(HEAD_BYTES - this.#headFill, left);
        chunk.copy(this.#head, this.#headFill, at, at + take);
        this.#headFill += take;
        at += take;
        if (this.#headFill < HEAD_BYTES) return;
        this.#headFill = 0;
        at += this.#begin(this.#head, 0, chunk, at);
      } else at += HEAD_BYTES + this.#begin(chunk, at, chunk, at + HEAD_BYTES);
    }
  }

  /** A head at `headAt`; its body starts at `at` of the chunk. Gives how much of the chunk the body took. */
  #begin(head: Buffer, headAt: number, chunk: Buffer, at: number): number {
    const length = head.readUInt32LE(headAt);
    if (length > this.maxBody) throw new LinkError(`a frame of ${length} bytes; ${this.maxBody} are allowed`);
    if (chunk.length - at >= length) {
      this.onFrame(head[headAt + 4] ?? 0, head.readUInt32LE(headAt + 5), length === 0 ? NOTHING : chunk.subarray(at, at + length));
      return length;
    }
    if (head !== this.#head) head.copy(this.#head, 0, headAt, headAt + HEAD_BYTES);
    this.#body = Buffer.allocUnsafeSlow(length);
    this.#bodyFill = 0;
    return 0;
  }

  #fill(body: Buffer, chunk: Buffer, at: number): number {
    const take = Math.min(body.length - this.#bodyFill, chunk.length - at);
    chunk.copy(body, this.#bodyFill, at, at + take);
    this.#bodyFill += take;
    if (this.#bodyFill === body.length) {
      this.#body = undefined;
      this.onFrame(this.#head[4] ?? 0, this.#head.readUInt32LE(5), body);
    }
    return take;
  }
}
