/**
 * The Transport port: HTTP and WebSocket as the framework sees them, so that nothing above knows which server runs.
 * Invariants: one handler object for a listener (no closure per message); bytes given to `send` are copied or written
 * before it returns, so the caller reuses its buffer; a socket that answered "buffered" later gets onDrain or onClose.
 */

/**
 * - `sent`: the kernel has it, or gets it at the end of the event loop's iteration;
 * - `buffered`: accepted, the client is behind; `onDrain` or `onClose` follows;
 * - `dropped`: not accepted: the socket is closed, or more than `maxBackpressure` bytes already wait.
 */
export type SendResult = "sent" | "buffered" | "dropped";

/** One open WebSocket. Every method is safe after the close: `send` is "dropped", the rest do nothing. */
export interface Socket<D = unknown> {
  /** What `upgrade` accepted the socket with. */
  readonly data: D;
  /** Sends one binary message. `bytes` may be reused as soon as this returns. */
  send(bytes: Uint8Array): SendResult;
  /** Bytes accepted but not yet taken by the kernel. */
  buffered(): number;
  /** Closes with a code (default 1000) and a reason of at most 123 bytes. */
  close(code?: number, reason?: string): void;
  /** Runs `fn` and writes what it sent in as few system calls as possible. */
  cork(fn: () => void): void;
}

/**
 * An HTTP request before anything is parsed. Lean on purpose: a Fetch `Request` is made only when asked for.
 * `path` and `query` are as the client sent them, not normalised: `new URL` would already have resolved `..`.
 */
export interface Incoming {
  /** Upper case. */
  readonly method: string;
  /** The path as sent, percent-encoded, without the query. Anything that does not start with `/` is malformed. */
  readonly path: string;
  /** The query as sent, without `?`; "" when there is none. */
  readonly query: string;
  /** First value of a header (lower-case name), `undefined` when absent or empty. */
  header(name: string): string | undefined;
  /** Address of the peer as text; "" when it is not known. */
  ip(): string;
  /** The Fetch request, with a streaming body and an abort signal; made once. Its host is `_invalid_` if Host is malformed. */
  request(): Request;
}

/** A reply without a Fetch `Response`: `headers` is flat (name, value, …), without content-length. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | null;
  /** Length to report to HEAD when `body` is null on purpose. */
  readonly length?: number;
}

export type Outgoing = Response | Reply;

/** The request that asks for a WebSocket. */
export type UpgradeRequest = Omit<Incoming, "method" | "request">;

export type UpgradeDecision<D> =
  | { readonly accept: true; readonly data: D }
  | { readonly accept: false; readonly status: number; readonly body?: string };

/** What a listener calls. The object is read once; methods are called with `this` bound to it. */
export interface TransportHandlers<D> {
  /** Answers a request. A rejection is answered by 500 and reported to `onError`. */
  request(incoming: Incoming): Outgoing | Promise<Outgoing>;
  /** Decides on a socket. Until the promise settles no message is read. */
  upgrade(request: UpgradeRequest): UpgradeDecision<D> | Promise<UpgradeDecision<D>>;
  onOpen(socket: Socket<D>): void;
  /** One binary message. `bytes` is valid only during the call. Text messages close the socket with 1003. */
  onMessage(socket: Socket<D>, bytes: Uint8Array): void;
  onDrain(socket: Socket<D>): void;
  /** Called exactly once for a socket that was opened. */
  onClose(socket: Socket<D>, code: number): void;
  /** A handler threw. The socket is closed with 1011, the request answered by 500. */
  onError(error: unknown): void;
}

export interface ListenOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Address to bind. Default "127.0.0.1". */
  readonly host?: string;
  /** Largest WebSocket message in bytes; a larger one closes the socket. Default 64 KiB. */
  readonly maxPayload?: number;
  /** Bytes waiting on a socket above which `send` drops. Default 1 MiB. One message may exceed it. */
  readonly maxBackpressure?: number;
  /** Seconds without a message or pong before a socket is closed: 8 to 960. Default 120. */
  readonly idleTimeout?: number;
  /** Largest HTTP request body in bytes. Default 10 MiB. */
  readonly maxBody?: number;
  /**
   * Several processes may share the port: the kernel's SO_REUSEPORT, or, for `ws` in a worker of node:cluster, the
   * supervisor that accepts for them. Default false: a taken port is an error. Throws VANGO_REUSE_PORT where neither is.
   */
  readonly reusePort?: boolean;
}

export interface Listening {
  readonly port: number;
  readonly host: string;
  /** For example `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Stops accepting; what is open stays open. Resolves when nothing more is accepted. */
  stop(): Promise<void>;
  /** Stops, closes sockets with 1001, waits up to 1 s for requests under way, then cuts. */
  close(): Promise<void>;
}

export interface Transport {
  readonly name: "uws" | "ws";
  /** Throws VANGO_PORT_TAKEN or VANGO_LISTEN_FAILED. */
  listen<D>(handlers: TransportHandlers<D>, options: ListenOptions): Promise<Listening>;
}

export const TRANSPORT_DEFAULTS = {
  host: "127.0.0.1",
  maxPayload: 64 * 1024,
  maxBackpressure: 1024 * 1024,
  idleTimeout: 120,
  maxBody: 10 * 1024 * 1024,
  closeGraceMs: 1000,
} as const;
