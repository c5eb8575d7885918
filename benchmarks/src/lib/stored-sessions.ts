// Sessions of an app in this process that are in the store alone: their pages come back to them, are timed to their WELCOME, and go
// again. What comes after WELCOME (the record is written and let go) is not part of the time.
import { createApp } from "@vango/server";
import type { Component } from "@vango/core";
import type { BuiltApp } from "@vango/server/internal";
import { encodeEvent, encodeJoin, PROTOCOL_VERSION, type WelcomeBody } from "@vango/core/protocol";
import { memoryStore } from "@vango/persist";
import { cpuMs } from "./interleave.js";
import { DeafSocket } from "./real-sessions.js";
import { bootOf, findClick } from "./tabs.js";

/** A page that has its session. */
interface Joined {
  readonly socket: DeafSocket;
  readonly welcome: WelcomeBody;
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
    const { socket, welcome } = await this.#join(visitor);
    const { instance, slot } = findClick(boot);
    sessions.message(socket, encodeEvent(1, 0, welcome.epoch, instance, slot));
    await this.#leave(visitor, socket);
    // The page that comes back was rendered with what it has.
    visitor.boot = bootOf(await (await this.#app.fetch(new Request("http://localhost/", { headers: { cookie: `${cookie}; vango_tab=${visitor.sid}` } }))).text()).text;
    this.#visitors.push(visitor);
    return (await this.#store.load(idOf(visitor)))?.size ?? 0;
  }

  /** All pages come back, one after the other, and go again. Milliseconds of CPU from the first JOIN to the last WELCOME. */
  async resumeAll(): Promise<number> {
    const joined: Joined[] = [];
    const began = cpuMs();
    for (const visitor of this.#visitors) joined.push(await this.#join(visitor));
    const took = cpuMs() - began;
    for (const [at, visitor] of this.#visitors.entries()) {
      const { socket, welcome } = joined[at] as Joined;
      if (welcome.how !== "restored" || welcome.sync) throw new Error(`a session was not restored as it was: ${welcome.how}`);
      await this.#leave(visitor, socket);
    }
    return took;
  }

  async #join(visitor: Visitor): Promise<Joined> {
    const { sessions } = this.#app;
    const socket = new DeafSocket({ browser: visitor.browser, ip: "127.0.0.1", origin: "http://localhost", headers: undefined, session: undefined });
    sessions.open(socket);
    const welcomed = socket.welcome();
    sessions.message(socket, encodeJoin({ v: PROTOCOL_VERSION, boot: visitor.boot, tab: visitor.sid, nonce: `document-${++this.#documents}`, url: "/" }));
    const welcome = await welcomed;
    visitor.sid = welcome.sid;
    return { socket, welcome };
  }

  async #leave(visitor: Visitor, socket: DeafSocket): Promise<void> {
    this.#app.sessions.closed(socket, 1006);
    while ((await this.#store.load(idOf(visitor)))?.owner !== "") await new Promise((resolve) => setImmediate(resolve));
  }
}

const idOf = ({ sid }: Visitor): string => sid.split(".")[1] ?? "";
