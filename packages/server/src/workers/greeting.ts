/**
 * How two processes of one app know each other: who connects says the token that their supervisor gave to all of them, who
 * accepts says its name. Until then a frame has at most some hundred bytes, and a second is all the time there is.
 */
import { timingSafeEqual } from "node:crypto";
import { connect, type Socket } from "node:net";
import { LinkKind } from "./link-frame.js";
import { Link, type LinkBounds } from "./link.js";

/** Who we are, and what all processes of the app know. */
export interface Identity {
  readonly name: string;
  readonly token: string;
}

/** Raised when a frame changes its meaning: processes of different builds then do not relay, they restore. */
const VERSION = "1";
const GREETING_BYTES = 256;
const GREETING_MS = 1000;

/** What is known before a connection is made. */
export interface LinkTo {
  readonly path: string;
  /** Name of who must answer. */
  readonly peer: string;
  /** What holds after the greeting. */
  readonly bounds: LinkBounds;
  /** Milliseconds until nobody is expected to answer any more. */
  readonly ms: number;
}

/**
 * Connects. `connected` is called with the link before any of its frames is read, to listen to it. Resolves with undefined
 * when nobody answers there, somebody else does, or not in time; never rejects.
 */
export function connectLink(self: Identity, { path, peer, bounds, ms }: LinkTo, connected: (link: Link) => void): Promise<Link | undefined> {
  return new Promise((resolve) => {
    const link = new Link(connect(path), GREETING_BYTES);
    const fail = (): void => {
      clearTimeout(timer);
      link.onClose = () => undefined;
      link.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(fail, ms);
    link.onClose = fail;
    link.onFrame = (kind, _channel, body) => {
      const [version, name] = body.toString("latin1").split(" ");
      if (kind !== LinkKind.READY || version !== VERSION || name !== peer) return fail();
      clearTimeout(timer);
      link.trust(peer, bounds);
      link.onClose = () => undefined;
      connected(link);
      resolve(link);
    };
    link.send(LinkKind.HELLO, 0, `${VERSION} ${self.token} ${self.name}`);
  });
}

/** Takes a connection: `accepted` is called with the link of a process of this app, nothing happens for anybody else. */
export function acceptLink(socket: Socket, self: Identity, bounds: LinkBounds, accepted: (link: Link) => void): void {
  const link = new Link(socket, GREETING_BYTES);
  const timer = setTimeout(() => link.destroy(), GREETING_MS);
  timer.unref();
  link.onClose = () => clearTimeout(timer);
  link.onFrame = (kind, _channel, body) => {
    const [version, token = "", name = ""] = body.toString("latin1").split(" ");
    if (kind !== LinkKind.HELLO || version !== VERSION || !sameToken(token, self.token) || name === "") return link.destroy();
    clearTimeout(timer);
    link.trust(name, bounds);
    link.onClose = () => undefined;
    link.send(LinkKind.READY, 0, `${VERSION} ${self.name}`);
    accepted(link);
  };
}

function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
