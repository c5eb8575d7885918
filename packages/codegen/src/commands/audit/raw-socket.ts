// A WebSocket client without manners: it writes the frames it is told to, right or wrong. Every wait has a time limit, so a
// server that says nothing is a finding and not a hang.

import { randomBytes } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Longest wait for an answer, ms. */
export const PATIENCE_MS = 5000;

export interface Frame {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** Claims to be compressed. */
  readonly compressed?: boolean;
  readonly masked?: boolean;
  /** Declares another length than the payload has. */
  readonly declared?: number;
}

export interface Handshake {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** What the server did at last: closed with a code, cut the connection (1006), or nothing in time (undefined). */
export type Ending = number | undefined;

export class RawSocket {
  readonly messages: Uint8Array[] = [];
  closed: Ending = undefined;
  #buffer = Buffer.alloc(0);
  readonly #wakers = new Set<() => void>();

  private constructor(
    readonly socket: Socket,
    readonly handshake: Handshake,
    rest: Buffer,
  ) {
    socket.on("data", (data: Buffer) => this.#read(data));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.closed ??= 1006;
      this.#wake();
    });
    this.#read(rest);
  }

  /** Asks for an upgrade; without one the socket is closed and `handshake.status` says why. */
  static async open(url: URL, headers: Readonly<Record<string, string>>): Promise<RawSocket> {
    const secure = url.protocol === "https:";
    const port = Number(url.port) || (secure ? 443 : 80);
    const socket = secure ? connectTls({ host: url.hostname, port, servername: url.hostname }) : connectTcp({ host: url.hostname, port });
    socket.on("error", () => undefined);
    const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const { head, rest } = await readHead(socket);
    const [first = "", ...fields] = head.split("\r\n");
    const found = new Map(fields.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
    const raw = new RawSocket(socket, { status: Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? 0), headers: found }, rest);
    if (raw.handshake.status !== 101) raw.end();
    return raw;
  }

  send(payload: Uint8Array, { opcode = 2, fin = true, compressed = false, masked = true, declared }: Frame = {}): void {
    const length = declared ?? payload.length;
    const head: number[] = [(fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode];
    const bit = masked ? 0x80 : 0;
    if (length < 126) head.push(bit | length);
    else if (length < 65_536) head.push(bit | 126, length >> 8, length & 255);
    else {
      const wide = Buffer.alloc(8);
      wide.writeBigUInt64BE(BigInt(length));
      head.push(bit | 127, ...wide);
    }
    if (this.socket.destroyed) return;
    if (!masked) {
      this.socket.write(Buffer.concat([Buffer.from(head), payload]));
      return;
    }
    const mask = randomBytes(4);
    const body = Buffer.from(payload);
    for (let i = 0; i < body.length; i++) body[i] = (body[i] as number) ^ (mask[i & 3] as number);
    this.socket.write(Buffer.concat([Buffer.from(head), mask, body]));
  }

  /** Waits for a message, among those that have come too. Undefined: the socket closed, or nothing came in time. */
  until(test: (message: Uint8Array) => boolean, from = 0): Promise<Uint8Array | undefined> {
    return this.#when(() => this.messages.slice(from).find(test), PATIENCE_MS);
  }

  /** Waits for the end of the socket. */
  async ended(ms = PATIENCE_MS): Promise<Ending> {
    return (await this.#when(() => (this.closed === undefined ? undefined : { code: this.closed }), ms))?.code;
  }

  end(): void {
    this.socket.destroy();
  }

  async #when<T>(find: () => T | undefined, ms: number): Promise<T | undefined> {
    const now = find();
    if (now !== undefined || this.closed !== undefined) return now;
    return new Promise((resolve) => {
      const done = (value: T | undefined): void => {
        clearTimeout(timer);
        this.#wakers.delete(look);
        resolve(value);
      };
      const look = (): void => {
        const value = find();
        if (value !== undefined || this.closed !== undefined) done(value);
      };
      const timer = setTimeout(() => done(find()), ms);
      this.#wakers.add(look);
    });
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }

  #read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const b = this.#buffer;
      if (b.length < 2) return;
      const short = (b[1] as number) & 127;
      const at = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (b.length < at) return;
      const length = short === 126 ? b.readUInt16BE(2) : short === 127 ? Number(b.readBigUInt64BE(2)) : short;
      if (b.length < at + length) return;
      const opcode = (b[0] as number) & 15;
      const payload = b.subarray(at, at + length);
      if (opcode === 8) this.closed ??= payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      else if (opcode === 9) this.send(payload, { opcode: 10 });
      else if (opcode === 2) this.messages.push(new Uint8Array(payload));
      this.#buffer = b.subarray(at + length);
      this.#wake();
    }
  }
}

function readHead(socket: Socket): Promise<{ head: string; rest: Buffer }> {
  return new Promise((resolve) => {
    let all = Buffer.alloc(0);
    const finish = (): void => {
      clearTimeout(timer);
      socket.off("data", onData);
      socket.off("close", finish);
      const end = all.indexOf("\r\n\r\n");
      resolve(end < 0 ? { head: "", rest: all } : { head: all.subarray(0, end).toString("latin1"), rest: all.subarray(end + 4) });
    };
    const onData = (data: Buffer): void => {
      all = Buffer.concat([all, data]);
      if (all.includes("\r\n\r\n")) finish();
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    socket.on("data", onData);
    socket.once("close", finish);
  });
}
