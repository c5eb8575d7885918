// The app that is audited: its page as a browser gets it, and sockets of such a browser.

import { decodeServer, encodeJoin, PROTOCOL_VERSION, ServerKind, type ServerMessage } from "@vango/core/protocol";
import { PATIENCE_MS, RawSocket } from "./raw-socket.js";

/** A page that was fetched by one browser. */
export interface Fetched {
  readonly response: Response;
  readonly html: string;
  /** Text of the boot blob; empty when the answer is no live page. */
  readonly boot: string;
  readonly cookie: string;
}

export class Target {
  readonly base: string;

  constructor(readonly url: URL) {
    this.base = url.pathname.replace(/\/$/, "");
  }

  async get(path = "", headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Response> {
    return fetch(new URL(`${this.base}${path}` || "/", this.url), { method, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** The page that was named, fetched by a new browser. */
  async page(): Promise<Fetched> {
    const response = await fetch(this.url, { redirect: "follow", signal: AbortSignal.timeout(PATIENCE_MS) });
    const html = await response.text();
    const boot = /<script type="application\/vango" id="vango-boot">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
    return { response, html, boot, cookie: response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "").join("; ") };
  }

  /** A socket of the page's own browser and origin, or with other headers. */
  socket(cookie: string, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
    const all = { Origin: this.url.origin, Cookie: cookie, ...headers };
    return RawSocket.open(new URL(this.live, this.url), Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")));
  }

  get live(): string {
    return `${this.prefix}/_vango/live`;
  }

  /** The base path of the app: known from the page's script. */
  prefix = "";

  /** A socket whose page has joined. */
  async joined(page?: Fetched): Promise<RawSocket> {
    const fetched = page ?? (await this.page());
    const socket = await this.socket(fetched.cookie);
    socket.send(join(fetched.boot));
    await socket.until((m) => m[0] === ServerKind.WELCOME || m[0] === ServerKind.REFUSE);
    return socket;
  }

  /** Still serves, and quickly enough. */
  async alive(): Promise<boolean> {
    const response = await fetch(new URL(`${this.prefix}/_vango/healthz`, this.url), { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
    return response?.status === 200;
  }
}

export const join = (boot: string, over: Readonly<Record<string, unknown>> = {}): Uint8Array =>
  encodeJoin({ v: PROTOCOL_VERSION, boot, tab: "", nonce: "audit", url: "", ...over });

/** A server's message as far as it can be read. */
export function read(message: Uint8Array | undefined): ServerMessage | undefined {
  try {
    return message === undefined ? undefined : decodeServer(message);
  } catch {
    return undefined;
  }
}

/** The code of a refusal or error; undefined for other messages. */
export function codeOf(message: Uint8Array | undefined): string | undefined {
  const known = read(message);
  return known?.kind === ServerKind.REFUSE || known?.kind === ServerKind.ERROR ? known.body.code : undefined;
}

export const isError = (message: Uint8Array): boolean => message[0] === ServerKind.ERROR || message[0] === ServerKind.REFUSE;
