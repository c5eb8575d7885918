/**
 * The request that middleware and onSessionStart see for an address of a live session: with the headers of the socket's upgrade.
 */
import type { Connection } from "../session-port.js";

export function socketRequest({ origin, headers }: Connection, href: string): Request {
  return new Request(new URL(href, origin === "" ? "http://localhost" : origin), {
    headers: (headers ?? []).map(([name, value]) => [name, value] as [string, string]),
  });
}
