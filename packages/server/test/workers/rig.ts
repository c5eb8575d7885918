// Two processes' worth of relaying sessions in one: real sockets between them, recording sessions behind them, clients' sockets that a test blocks and drains.
import { rmSync } from "node:fs";
import { encodeJoin, encodeResume, PROTOCOL_VERSION } from "@vango/core/protocol";
import { onTestFinished } from "vitest";
import { resolveLimits, type LimitName } from "../../src/limits.js";
import type { AppCore, Connection, LiveSocket, SessionPort, TabValues } from "../../src/session-port.js";
import type { SendResult } from "../../src/transport/transport.js";
import { RelayingSessions } from "../../src/workers/relaying-sessions.js";
import { makeSocketFolder } from "../../src/workers/socket-folder.js";

/** Waits for what other sockets bring. */
export class Waiting {
  #wake: (() => void)[] = [];
  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
  tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Sessions that only write down what reaches them. */
export class RecordingSessions extends Waiting implements SessionPort {
  readonly held = new Set<string>();
  readonly log: string[] = [];
  readonly sockets: LiveSocket[] = [];
  drains = 0;
  onMessage: (socket: LiveSocket, bytes: Uint8Array) => void = () => undefined;
  open(socket: LiveSocket) { this.#note(socket, "open"); }
  message(socket: LiveSocket, bytes: Uint8Array) {
    this.#note(socket, bytes.length > 40 ? `${bytes[0]} (${bytes.length} bytes)` : Buffer.from(bytes).toString("latin1"));
    this.onMessage(socket, bytes);
  }
  drained(socket: LiveSocket) { this.#note(socket, "drained"); }
  closed(socket: LiveSocket, code: number) { this.#note(socket, `closed ${code}`); }
  holds(id: string) { return this.held.has(id); }
  handOver() {}
  values: TabValues | undefined = undefined;
  tabValues(sid: string, browser: string) {
    this.log.push(`values ${sid} ${browser}`);
    return Promise.resolve(this.values);
  }
  endLogin(principal: string) { this.log.push(`end login ${principal}`); this.tell(); return 1; }
  drain() { this.drains++; return Promise.resolve(); }
  #note(socket: LiveSocket, what: string) {
    if (!this.sockets.includes(socket)) this.sockets.push(socket);
    this.log.push(`${this.sockets.indexOf(socket)} ${what}`);
    this.tell();
  }
}

/** A client's socket at the process that took it. */
export class ClientSocket extends Waiting implements LiveSocket {
  readonly data: Connection = { browser: "browser-1", ip: "10.0.0.7", origin: "https://example.org", headers: [["cookie", "a=b"]], session: undefined };
  readonly got: Buffer[] = [];
  closedWith: { code: number; reason: string } | undefined = undefined;
  blocked = false;
  #stuck = 0;
  onClose: (code: number) => void = () => undefined;
  get bytes(): number { return this.got.reduce((sum, one) => sum + one.length, 0); }
  send(bytes: Uint8Array): SendResult {
    if (this.closedWith !== undefined) return "dropped";
    this.got.push(Buffer.from(bytes));
    if (this.blocked) this.#stuck += bytes.length;
    this.tell();
    return this.blocked ? "buffered" : "sent";
  }
  buffered() { return this.#stuck; }
  /** The kernel takes what waits, all of it or some. */
  drain(bytes = this.#stuck) {
    this.#stuck -= bytes;
    if (this.#stuck === 0) this.blocked = false;
  }
  close(code = 1000, reason = "") {
    if (this.closedWith !== undefined) return;
    this.closedWith = { code, reason };
    this.onClose(code);
    this.tell();
  }
  cork(fn: () => void) { fn(); }
}

export interface Process {
  readonly sessions: RelayingSessions;
  readonly own: RecordingSessions;
  readonly errors: unknown[];
  /** A client connects to this process. */
  connect(): ClientSocket;
}

export interface Rig {
  readonly folder: string;
  process(name: string, limits?: Partial<Record<LimitName, number>>): Promise<Process>;
}

const PATIENCE = 60_000;

export function rig(): Rig {
  const folder = makeSocketFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    async process(name, limits = {}) {
      const own = new RecordingSessions();
      const errors: unknown[] = [];
      const core = { worker: name, limits: resolveLimits({ relayAskMs: PATIENCE, ...limits }), report: (error: unknown) => void errors.push(error) } as unknown as AppCore;
      const sessions = await RelayingSessions.start(core, own, { folder, token: "the-token" });
      onTestFinished(() => sessions.peers.close(1));
      return {
        sessions, own, errors,
        connect() {
          const socket = new ClientSocket();
          socket.onClose = (code) => sessions.closed(socket, code);
          sessions.open(socket);
          return socket;
        },
      };
    },
  };
}

export const joinOf = (tab: string): Uint8Array => encodeJoin({ v: PROTOCOL_VERSION, boot: "", tab, nonce: "n", url: "" });
export const resumeOf = (sid: string): Uint8Array => encodeResume(PROTOCOL_VERSION, 1, 0, 0, sid, "nonce");
