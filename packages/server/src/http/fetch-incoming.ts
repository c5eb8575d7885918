/**
 * A Fetch request as the pipeline takes it, for `app.fetch`. The URL was normalised by whoever made the request.
 */
import type { Incoming } from "../transport/transport.js";

export class FetchIncoming implements Incoming {
  readonly path: string;
  readonly query: string;

  constructor(private readonly source: Request) {
    const { pathname, search } = new URL(source.url);
    this.path = pathname;
    this.query = search.slice(1);
  }

  get method(): string {
    return this.source.method;
  }

  header(name: string): string | undefined {
    const value = this.source.headers.get(name);
    if (value !== null && value !== "") return value;
    // A Request that a program made has no Host header, but its URL has a host.
    return name === "host" ? new URL(this.source.url).host : undefined;
  }

  ip(): string {
    return "";
  }

  request(): Request {
    return this.source;
  }
}
