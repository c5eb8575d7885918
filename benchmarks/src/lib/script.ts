// The script file of the load generator: per connection its upgrade request and its first message, both with a length.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one connection sends before the loop. */
export interface Opening {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** First WebSocket message; empty for none. */
  readonly join?: Uint8Array;
}

/** Writes a script; `dispose` removes it. */
export function writeScript(port: number, openings: readonly Opening[]): { readonly file: string; dispose(): void } {
  const dir = mkdtempSync(join(tmpdir(), "vango-bench-"));
  const file = join(dir, "script");
  const parts: Uint8Array[] = [];
  for (const opening of openings) {
    const request = Buffer.from(upgradeRequest(port, opening), "latin1");
    const first = opening.join ?? new Uint8Array();
    parts.push(uint32(request.length), request, uint32(first.length), first);
  }
  writeFileSync(file, Buffer.concat(parts));
  return { file, dispose: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The request that asks for a WebSocket. */
export function upgradeRequest(port: number, opening: Opening): string {
  const headers: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Version": "13",
    Origin: `http://127.0.0.1:${port}`,
    ...opening.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${opening.path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
