// The load generator without a C compiler: raw TCP, hand framing, one message in flight per connection. Same arguments,
// same output and same script file as native/load.c.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;
const [port, file, mode, a, b, warmMs, measureMs] = process.argv.slice(2);
const echo = mode === "echo";
const argA = Number(a);
const argB = Number(b);
let count = 0;
let ready = 0;
let total = 0;

function fail(why: string): never {
  process.stderr.write(`load: ${why}\n`);
  process.exit(3);
}

function frame(payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65536 ? 4 : 10;
  const out = Buffer.allocUnsafe(head + 4 + length);
  out[0] = 0x82;
  if (head === 2) out[1] = 0x80 | length;
  else if (head === 4) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(length), 2);
  }
  for (let at = 0; at < 4; at++) out[head + at] = MASK[at] as number;
  for (let at = 0; at < length; at++) out[head + 4 + at] = (payload[at] as number) ^ (MASK[at & 3] as number);
  return out;
}

const ECHO = echo ? frame(new Uint8Array(argA).fill(120)) : undefined;

class Connection {
  #in: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #seq = 0;
  #ack = 0;
  #epoch = 0;
  readonly #socket: Socket;

  constructor(
    upgrade: Buffer,
    readonly join: Buffer,
  ) {
    this.#socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
    this.#socket.write(upgrade);
    this.#socket.on("data", (chunk: Buffer) => this.#data(chunk));
    this.#socket.on("error", (error) => fail(error.message));
    this.#socket.on("close", () => fail("the server closed a connection"));
  }

  #data(chunk: Buffer): void {
    let buf = this.#in.length === 0 ? chunk : Buffer.concat([this.#in, chunk]);
    if (!this.#upgraded) {
      const end = buf.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#in = buf;
        return;
      }
      if (!buf.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) fail(`upgrade refused: ${buf.toString("latin1", 0, 80)}`);
      buf = buf.subarray(end + 4);
      this.#upgraded = true;
      if (echo) {
        ready++;
        this.#send();
      } else this.#socket.write(frame(this.join));
    }
    let at = 0;
    while (buf.length - at >= 2) {
      let length = (buf[at + 1] as number) & 127;
      let head = 2;
      if (length === 126) {
        if (buf.length - at < 4) break;
        length = buf.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (buf.length - at < 10) break;
        length = Number(buf.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (buf.length - at < head + length) break;
      const opcode = (buf[at] as number) & 15;
      if (opcode === 8) fail("the server closed a connection");
      if (opcode <= 2) this.#message(buf, at + head, length);
      at += head + length;
    }
    this.#in = at === buf.length ? EMPTY : Buffer.from(buf.subarray(at));
  }

  #message(buf: Buffer, at: number, length: number): void {
    if (echo) {
      count++;
      this.#send();
      return;
    }
    const kind = buf[at];
    if (kind === 1) {
      this.#epoch = findEpoch(buf.subarray(at, at + length));
      ready++;
      this.#send();
    } else if (kind === 2) {
      this.#ack = buf[at + 1] as number;
      count++;
      this.#send();
    } else if (kind === 5 || kind === 6) fail(`server said kind ${kind}: ${buf.toString("latin1", at + 1, at + length)}`);
  }

  #send(): void {
    if (ECHO !== undefined) {
      this.#socket.write(ECHO);
      return;
    }
    this.#seq = (this.#seq + 1) & 255;
    const message = [2, this.#seq, this.#ack];
    pushVarint(message, this.#epoch);
    pushVarint(message, argA);
    pushVarint(message, argB);
    this.#socket.write(frame(Uint8Array.from(message)));
  }
}

const EMPTY = Buffer.alloc(0);

function pushVarint(out: number[], value: number): void {
  let left = value;
  while (left > 127) {
    out.push((left & 127) | 128);
    left = Math.floor(left / 128);
  }
  out.push(left);
}

/** The epoch in WELCOME's MessagePack map: the unsigned integer after the key "epoch". */
function findEpoch(welcome: Buffer): number {
  const key = welcome.indexOf("\u00a5epoch", 0, "latin1");
  if (key < 0) fail("no epoch in WELCOME");
  const at = key + 6;
  const code = welcome[at] as number;
  if (code < 0x80) return code;
  if (code === 0xcc) return welcome.readUInt8(at + 1);
  if (code === 0xcd) return welcome.readUInt16BE(at + 1);
  if (code === 0xce) return welcome.readUInt32BE(at + 1);
  return fail("the epoch in WELCOME is not a small integer");
}

const script = readFileSync(file as string);
for (let at = 0; at < script.length; ) {
  const upgrade = script.subarray(at + 4, at + 4 + script.readUInt32LE(at));
  at += 4 + upgrade.length;
  const join = script.subarray(at + 4, at + 4 + script.readUInt32LE(at));
  at += 4 + join.length;
  total++;
  new Connection(upgrade, join);
}

const began = performance.now();
const waiting = setInterval(() => {
  if (ready < total) {
    if (performance.now() - began > 30_000) fail(`only ${ready} of ${total} connections came up in 30 s`);
    return;
  }
  clearInterval(waiting);
  process.stdout.write(`ready ${ready}\n`);
  setTimeout(() => {
    process.stdout.write(`b ${count}\n`);
    setTimeout(() => {
      process.stdout.write(`e ${count}\n`, () => process.exit(0));
    }, Number(measureMs));
  }, Number(warmMs));
}, 20);
