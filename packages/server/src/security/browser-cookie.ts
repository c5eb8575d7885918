/**
 * The cookie that identifies a browser: a random id and our signature, HttpOnly, SameSite=Lax; over https with the
 * `__Host-` prefix and Secure. It holds nothing about the user. A forged or foreign value counts as none.
 */
import { parseCookie, stringifySetCookie } from "cookie";
import { randomId, type Tokens } from "./tokens.js";

/** 400 days: what browsers keep at most. */
const MAX_AGE = 400 * 24 * 60 * 60;
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
    const value = parseCookie(header)[this.name];
    const id = value === undefined ? undefined : this.tokens.open("browser", value);
    return id !== undefined && ID.test(id) ? ownText(id) : undefined;
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
