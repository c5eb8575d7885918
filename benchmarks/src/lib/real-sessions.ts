// Whole sessions of an app in this process, without sockets: joined with the blob of a GET of their own, clicked once, so that
// what a session holds for its page (numbers, a frame that is not acknowledged yet) is there.
import { createApp } from "@vango/server";
import type { BuiltApp, Connection, LiveSocket } from "@vango/server/internal";
import { encodeEvent, encodeJoin, decodeServer, PROTOCOL_VERSION, ServerKind, type WelcomeBody } from "@vango/core/protocol";
import { bootOf, findClick } from "./tabs.js";
import type { Counter } from "../pages/counter.js";

/** The socket of a session: it hears nothing but WELCOME, and keeps nothing, as little as a socket of the transport. */
export class DeafSocket implements LiveSocket {
  #tell: ((welcome: Uint8Array) => void) | undefined = undefined;

  constructor(readonly data: Connection) {}

  /** WELCOME as it comes. Call it before JOIN. */
  welcome(): Promise<Uint8Array> {
    return new Promise((resolve) => (this.#tell = resolve));
  }

  send(bytes: Uint8Array): "sent" {
    if (bytes[0] !== ServerKind.WELCOME) return "sent";
    this.#tell?.(bytes.slice());
    this.#tell = undefined;
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

/** What a WELCOME says. */
export function readWelcome(bytes: Uint8Array): WelcomeBody {
  const message = decodeServer(bytes);
  if (message.kind !== ServerKind.WELCOME) throw new Error("this is no WELCOME");
  return message.body;
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
    const welcome = socket.welcome();
    sessions.message(socket, encodeJoin({ v: PROTOCOL_VERSION, boot: text, tab: "", nonce: boot.n, url: "/" }));
    const { epoch } = readWelcome(await welcome);
    const { instance, slot } = findClick(boot);
    sessions.message(socket, encodeEvent(1, 0, epoch, instance, slot));
    return socket;
  }

  /** Its page has gone, and with it the socket: the session waits for it, held by the server alone. */
  detach(socket: LiveSocket): void {
    this.#app.sessions.closed(socket, 1006);
  }
}
