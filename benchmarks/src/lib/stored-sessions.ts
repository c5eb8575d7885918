// Sessions of an app in this process that are in the store alone: their pages come back to them, are timed from JOIN to WELCOME, and
// go again. What clients do (JOIN is encoded, WELCOME decoded) and what comes after WELCOME (the record is written and let go) is
// not part of the time.
import { createApp } from "@vango/server";
import type { Component } from "@vango/core";
import type { BuiltApp } from "@vango/server/internal";
import { encodeEvent, encodeJoin, PROTOCOL_VERSION, type WelcomeBody } from "@vango/core/protocol";
import { memoryStore } from "@vango/persist";
import { cpuMs } from "./interleave.js";
import { DeafSocket, readWelcome } from "./real-sessions.js";
import { bootOf, findClick } from "./tabs.js";

/** A page that is about to ask for its session. */
interface Joining {
  readonly socket: DeafSocket;
  readonly join: Uint8Array;
}

/** A browser with one tab. */
interface Visitor {
  readonly browser: string;
  sid: string;
  boot: string;
}

export class StoredSessions {
  readonly #store = memoryStore();
  readonly #app: BuiltApp;
  readonly #visitors: Visitor[] = [];
  #documents = 0;

  constructor(page: Component<object>, state: object) {
    this.#app = createApp({
      routes: { buildId: "bench", routes: [{ path: "/", load: async () => ({ page }) }] },
      secret: "benchmark-secret-of-sufficient-length",
      store: this.#store,
      state,
      // Who has no socket is saved and ends.
      resumeWindowMs: 0,
    }) as BuiltApp;
  }

  /** One more: its page is clicked once, and has left. Gives the bytes of its values in the store. */
  async add(): Promise<number> {
    const { http, sessions } = this.#app;
    const first = await this.#app.fetch(new Request("http://localhost/"));
    const cookie = first.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    const { text, boot } = bootOf(await first.text());
    const visitor: Visitor = { browser: http.cookie.read(cookie) ?? "", sid: "", boot: text };
    const joining = this.#comes(visitor);
    const { epoch } = this.#joined(visitor, await this.#joins(joining));
    const { instance, slot } = findClick(boot);
    sessions.message(joining.socket, encodeEvent(1, 0, epoch, instance, slot));
    await this.#leave(visitor, joining.socket);
    // The page that comes back was rendered with what it has.
    visitor.boot = bootOf(await (await this.#app.fetch(new Request("http://localhost/", { headers: { cookie: `${cookie}; vango_tab=${visitor.sid}` } }))).text()).text;
    this.#visitors.push(visitor);
    return (await this.#store.load(idOf(visitor)))?.size ?? 0;
  }

  /** All pages come back, one after the other, and go again. Milliseconds of CPU from the first JOIN to the last WELCOME. */
  async resumeAll(): Promise<number> {
    const joining = this.#visitors.map((visitor) => this.#comes(visitor));
    const welcomes: Uint8Array[] = [];
    const began = cpuMs();
    for (const one of joining) welcomes.push(await this.#joins(one));
    const took = cpuMs() - began;
    for (const [at, visitor] of this.#visitors.entries()) {
      const { how, sync } = this.#joined(visitor, welcomes[at] as Uint8Array);
      if (how !== "restored" || sync) throw new Error(`a session was not restored as it was: ${how}`);
      await this.#leave(visitor, (joining[at] as Joining).socket);
    }
    return took;
  }

  #comes(visitor: Visitor): Joining {
    const socket = new DeafSocket({ browser: visitor.browser, ip: "127.0.0.1", origin: "http://localhost", headers: undefined, session: undefined });
    return { socket, join: encodeJoin({ v: PROTOCOL_VERSION, boot: visitor.boot, tab: visitor.sid, nonce: `document-${++this.#documents}`, url: "/" }) };
  }

  #joins({ socket, join }: Joining): Promise<Uint8Array> {
    const { sessions } = this.#app;
    sessions.open(socket);
    const welcomed = socket.welcome();
    sessions.message(socket, join);
    return welcomed;
  }

  #joined(visitor: Visitor, bytes: Uint8Array): WelcomeBody {
    const welcome = readWelcome(bytes);
    visitor.sid = welcome.sid;
    return welcome;
  }

  async #leave(visitor: Visitor, socket: DeafSocket): Promise<void> {
    this.#app.sessions.closed(socket, 1006);
    while ((await this.#store.load(idOf(visitor)))?.owner !== "") await new Promise((resolve) => setImmediate(resolve));
  }
}

const idOf = ({ sid }: Visitor): string => sid.split(".")[1] ?? "";
