// Whole sessions of an app in this process, without sockets: joined with the blob of a GET of their own, clicked once, so that
// what a session holds for its page (numbers, a frame that is not acknowledged yet) is there.
import { createApp } from "@vango/server";
import type { BuiltApp, Connection, LiveSocket } from "@vango/server/internal";
import { encodeEvent, encodeJoin, decodeServer, PROTOCOL_VERSION, ServerKind } from "@vango/core/protocol";
import { bootOf, findClick } from "./tabs.js";
import type { Counter } from "../pages/counter.js";

/** The socket of a session: it hears nothing but WELCOME. `how`: what that said. */
export class DeafSocket implements LiveSocket {
  epoch = 0;
  sid = "";
  how = "";
  sync = false;
  #joined: (() => void) | undefined;
  readonly joined = new Promise<void>((resolve) => (this.#joined = resolve));

  constructor(readonly data: Connection) {}

  send(bytes: Uint8Array): "sent" {
    if (bytes[0] !== ServerKind.WELCOME) return "sent";
    const message = decodeServer(bytes.slice());
    if (message.kind === ServerKind.WELCOME) {
      this.epoch = message.body.epoch;
      this.sid = message.body.sid;
      this.how = message.body.how;
      this.sync = message.body.sync === true;
    }
    this.#joined?.();
    this.#joined = undefined;
    return "sent";
  }

  buffered(): number {
    return 0;
  }

  close(code?: number): void {
    throw new Error(`a session was closed: ${code ?? 0}`);
  }

  cork(fn: () => void): void {
    fn();
  }
}

export class SessionRig {
  readonly #app: BuiltApp;

  constructor(page: typeof Counter) {
    this.#app = createApp({
      routes: { buildId: "bench", routes: [{ path: "/", load: async () => ({ page }) }] },
      secret: "benchmark-secret-of-sufficient-length",
      limits: { sessions: 1_000_000, sessionsPerIp: 1_000_000, detachedSessions: 1_000_000 },
    }) as BuiltApp;
  }

  /** A session that has answered one click. Its socket is what keeps it alive from outside. */
  async open(): Promise<LiveSocket> {
    const { http, sessions } = this.#app;
    const response = await this.#app.fetch(new Request("http://localhost/"));
    const { text, boot } = bootOf(await response.text());
    const browser = http.cookie.read(response.headers.getSetCookie()[0]?.split(";", 1)[0]) ?? "";
    const socket = new DeafSocket({ browser, ip: "127.0.0.1", origin: "http://localhost", headers: undefined, session: undefined });
    sessions.open(socket);
    sessions.message(socket, encodeJoin({ v: PROTOCOL_VERSION, boot: text, tab: "", nonce: boot.n, url: "/" }));
    await socket.joined;
    const { instance, slot } = findClick(boot);
    sessions.message(socket, encodeEvent(1, 0, socket.epoch, instance, slot));
    return socket;
  }

  /** Its page has gone: the session waits for it. */
  detach(socket: LiveSocket): void {
    this.#app.sessions.closed(socket, 1006);
  }
}
