/**
 * The other processes of this app on this machine, as one process sees them: links made when they are first needed, and
 * the socket on which the others reach this one. Knows nothing of sessions: `relaying-sessions.ts` gives channels a meaning.
 */
import { createServer, type Server } from "node:net";
import { LinkKind } from "./link-frame.js";
import { acceptLink, connectLink, type Identity } from "./greeting.js";
import type { Link, LinkBounds } from "./link.js";
import { OutLink, splitTopic } from "./out-link.js";
import { isWorkerName, socketPath } from "./socket-folder.js";

/** Answers a question of another process; undefined for "not known here". */
export type Answerer = (body: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** What other processes do on the links they made. */
export interface Host {
  opened(link: Link): void;
  frame(link: Link, kind: number, channel: number, body: Buffer): void;
  closed(link: Link): void;
}

export interface PeersOptions extends Identity, LinkBounds {
  readonly folder: string;
  /** How long another process may take to answer, ms. */
  readonly askMs: number;
}

export class Peers {
  readonly #links = new Map<string, Promise<OutLink | undefined>>();
  readonly #accepted = new Set<Link>();
  readonly #answerers = new Map<string, Answerer>();
  #server: Server | undefined = undefined;
  #closed = false;

  constructor(readonly options: PeersOptions) {}

  /** From now on the others reach this process. Rejects when the socket cannot be made. */
  async listen(host: Host): Promise<void> {
    const server = createServer((socket) => {
      acceptLink(socket, this.options, this.options, (link) => this.#accept(link, host));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // Exclusive: under node:cluster the supervisor would listen for us otherwise.
      server.listen({ path: socketPath(this.options.folder, this.options.name), exclusive: true }, resolve);
    });
    server.on("error", () => undefined);
    server.unref();
  }

  /** Whether a session id may name another process of this app. */
  isOther(name: string): boolean {
    return name !== this.options.name && isWorkerName(name);
  }

  /** The link to a process; undefined when it is gone or does not answer. Never rejects. */
  link(name: string): Promise<OutLink | undefined> {
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    if (this.#closed || !this.isOther(name)) return Promise.resolve(undefined);
    const making = this.#connect(name);
    this.#links.set(name, making);
    return making;
  }

  /** Asks a process; undefined when it is gone, does not know, or does not answer within `askMs`. Never rejects. */
  async ask(name: string, topic: string, body: Uint8Array): Promise<Uint8Array | undefined> {
    const begun = performance.now();
    const to = await this.link(name);
    return to?.ask(topic, body, Math.max(1, this.options.askMs - (performance.now() - begun)));
  }

  /** Answers questions about `topic`. */
  answer(topic: string, answerer: Answerer): void {
    this.#answerers.set(topic, answerer);
  }

  /** Ends all links after what was sent has left, at the latest after `ms`. */
  async close(ms = 1000): Promise<void> {
    this.#closed = true;
    const out = await Promise.all(this.#links.values());
    const all = [...out.flatMap((to) => (to === undefined ? [] : [to.link])), ...this.#accepted];
    for (const link of all) link.end();
    const timer = setTimeout(() => all.forEach((link) => link.destroy()), ms);
    await new Promise<void>((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
    clearTimeout(timer);
    for (const link of all) link.destroy();
  }

  async #connect(name: string): Promise<OutLink | undefined> {
    const { folder, askMs } = this.options;
    let out: OutLink | undefined;
    await connectLink(this.options, { path: socketPath(folder, name), peer: name, bounds: this.options, ms: askMs }, (link) => {
      link.unref();
      out = new OutLink(link, () => this.#links.delete(name));
    });
    // Who did not answer is asked anew the next time.
    if (out === undefined) this.#links.delete(name);
    return out;
  }

  #accept(link: Link, host: Host): void {
    this.#accepted.add(link);
    link.unref();
    link.onClose = () => {
      this.#accepted.delete(link);
      host.closed(link);
    };
    link.onFrame = (kind, channel, body) => {
      if (kind === LinkKind.ASK) void this.#reply(link, channel, body);
      else host.frame(link, kind, channel, body);
    };
    host.opened(link);
  }

  async #reply(link: Link, channel: number, bytes: Buffer): Promise<void> {
    const { topic, body } = splitTopic(bytes);
    let answer: Uint8Array | undefined;
    try {
      answer = await this.#answerers.get(topic)?.(body);
    } catch {
      // Who asks goes on as if nobody had answered.
    }
    link.send(LinkKind.ANSWER, channel, answer === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(1), answer]));
  }
}
