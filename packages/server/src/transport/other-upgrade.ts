/**
 * What asks node:http for another protocol than WebSocket (`Upgrade: h2c`, as curl and Java's client do by themselves) is an
 * ordinary request: a server may leave an offer unanswered. Invariant: the request is given back to the server byte for byte
 * but without its offer, so it cannot come here again. (Node 24's `shouldUpgradeCallback` does not read on after such a request.)
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

export function asksForWebSocket(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === "websocket";
}

/** Lets the server read the request anew. */
export function serveWithoutUpgrade(server: Server, req: IncomingMessage, raw: Duplex, head: Buffer): void {
  let text = `${req.method ?? "GET"} ${req.url ?? "/"} HTTP/${req.httpVersion}\r\n`;
  for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i] ?? "";
    const value = req.rawHeaders[i + 1] ?? "";
    const kept = keptValue(name.toLowerCase(), value);
    if (kept !== undefined) text += `${name}: ${kept}\r\n`;
  }
  raw.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, "latin1"), head]));
  server.emit("connection", raw);
}

/** The value of a header that stays, without the offer. */
function keptValue(name: string, value: string): string | undefined {
  if (name === "upgrade" || name === "http2-settings") return undefined;
  if (name !== "connection") return value;
  const rest = value.split(",").map((token) => token.trim()).filter((token) => !/^(?:upgrade|http2-settings|)$/i.test(token));
  return rest.length === 0 ? undefined : rest.join(", ");
}
