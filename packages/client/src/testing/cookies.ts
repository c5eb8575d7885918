// The cookies of one light browser, of one site. Invariant: a script sees and sets what is not HttpOnly; an expired cookie is gone.
import type { LightClock } from "./ports.js";

interface Cookie {
  readonly value: string;
  readonly httpOnly: boolean;
  readonly until: number;
}

export class CookieJar {
  readonly #all = new Map<string, Cookie>();

  constructor(readonly clock: LightClock) {}

  /** A `Set-Cookie` line, or what a script assigns to `document.cookie`. */
  set(line: string, byScript = false): void {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    const has = (key: string): string | undefined => {
      const found = attributes.find((a) => a.trim().toLowerCase().split("=")[0] === key);
      return found === undefined ? undefined : found.slice(found.indexOf("=") + 1).trim();
    };
    const httpOnly = has("httponly") !== undefined;
    if (at < 1 || (byScript && (httpOnly || this.#all.get(name)?.httpOnly === true))) return;
    const maxAge = has("max-age");
    const until = maxAge === undefined ? Infinity : this.clock.now() + Number(maxAge) * 1000;
    if (until <= this.clock.now()) this.#all.delete(name);
    else this.#all.set(name, { value: pair.slice(at + 1).trim(), httpOnly, until });
  }

  /** As a request carries them, or as a script reads them. */
  text(toScript = false): string {
    const now = this.clock.now();
    return [...this.#all].filter(([, c]) => c.until > now && !(toScript && c.httpOnly)).map(([name, c]) => `${name}=${c.value}`).join("; ");
  }

  /** Forgets one, or all. */
  clear(name?: string): void {
    if (name === undefined) this.#all.clear();
    else this.#all.delete(name);
  }
}
