/**
 * The cookie that identifies a browser: a random id and our signature, HttpOnly, SameSite=Lax; over https with the
 * `__Host-` prefix and Secure. It holds nothing about the user. A forged or foreign value counts as none.
 */
import { parseCookie, stringifySetCookie } from "cookie";
import { randomId, type Tokens } from "./tokens.js";

/** 400 days: what browsers keep at most. */
const MAX_AGE = 400 * 24 * 60 * 60;
/** A sibling domain, or a page below another path, may have set one of the same name, and a browser may send that first. */
const MOST_TRIED = 4;
const ID = /^[A-Za-z0-9_-]{22}$/;

/** The same text by itself: the engine keeps a piece of a text as a view, and with it all of the Cookie header. */
function ownText(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

export interface BrowserIdentity {
  readonly id: string;
  /** The Set-Cookie header of a browser that had none. */
  readonly setCookie: string | undefined;
}

export class BrowserCookie {
  readonly name: string;

  constructor(
    private readonly tokens: Tokens,
    private readonly secure: boolean,
  ) {
    this.name = secure ? "__Host-vango" : "vango";
  }

  /** The id in a Cookie header, undefined when absent or not ours. */
  read(header: string | undefined): string | undefined {
    if (header === undefined || !header.includes(this.name)) return undefined;
    let tried = 0;
    for (const pair of header.split(";")) {
      if (!pair.includes(this.name)) continue;
      const value = parseCookie(pair)[this.name];
      if (value === undefined) continue;
      const id = this.tokens.open("browser", value);
      if (id !== undefined && ID.test(id)) return ownText(id);
      if (++tried === MOST_TRIED) return undefined;
    }
    return undefined;
  }

  /** The id, made if need be. */
  identify(header: string | undefined): BrowserIdentity {
    const id = this.read(header);
    return id === undefined ? this.create() : { id, setCookie: undefined };
  }

  private create(): BrowserIdentity {
    const id = randomId();
    const setCookie = stringifySetCookie({
      name: this.name,
      value: this.tokens.seal("browser", id),
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      secure: this.secure,
      maxAge: MAX_AGE,
    });
    return { id, setCookie };
  }
}
