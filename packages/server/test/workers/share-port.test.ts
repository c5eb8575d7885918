// One port for several processes: real ones, on both transports.
import cluster from "node:cluster";
import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { pickTransport } from "../../src/transport/pick.js";
import { reply } from "../../src/transport/reply.js";
import type { Listening, Transport, TransportHandlers } from "../../src/transport/transport.js";
import { freePort } from "../transport/client.js";
import { TRANSPORTS } from "../session/raw-client.js";

const handlers = (name: string): TransportHandlers<undefined> => ({
  request: () => reply(200, [], name),
  upgrade: () => ({ accept: false, status: 404 }),
  onOpen: () => undefined, onMessage: () => undefined, onDrain: () => undefined, onClose: () => undefined, onError: () => undefined,
});

const ask = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk)).on("end", () => resolve(text));
    }).on("error", reject);
  });

async function listen(transport: Transport, name: string, port: number, reusePort = true): Promise<Listening> {
  const made = await transport.listen(handlers(name), { port, reusePort });
  onTestFinished(() => made.close());
  return made;
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
/** What ws can do without a supervisor. */
const sharing = process.platform === "linux" && (major >= 24 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12));

describe.runIf(TRANSPORTS.includes("uws") && process.platform === "linux")("uws", () => {
  it("W13: two listeners share the port, one that stops leaves it to the other and resets nothing, a third without the wish is VANGO_PORT_TAKEN", async () => {
    const transport = await pickTransport("uws", undefined, true);
    // A port that the system chooses belongs to one.
    const a = await listen(transport, "a", await freePort());
    const b = await listen(transport, "b", a.port);
    const seen = new Set<string>();
    while (seen.size < 2) seen.add(await ask(a.port));
    await expect(listen(transport, "c", a.port, false)).rejects.toThrow("VANGO_PORT_TAKEN");

    // Connections that wait to be accepted when the listener is told to stop.
    const asked = Array.from({ length: 40 }, () => ask(a.port));
    await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(resolve)));
    await a.stop();
    for (const answer of await Promise.all(asked)) expect("ab").toContain(answer);
    for (let i = 0; i < 20; i++) expect(await ask(b.port)).toBe("b");

    // One that was accepted and says nothing before its server closes.
    const late = connect(b.port, "127.0.0.1");
    await once(late, "connect");
    await b.stop();
    const closed = b.close();
    await new Promise<void>((resolve) => setImmediate(resolve));
    late.end("GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    let said = "";
    for await (const chunk of late.setEncoding("utf8")) said += String(chunk);
    expect(said).toMatch(/^HTTP\/1.1 200 OK[\s\S]*b$/);
    await closed;
  });
});

describe("ws", () => {
  it("W13: shares the port where Node can, elsewhere it is VANGO_REUSE_PORT outside of workers", async () => {
    expect(cluster.isWorker).toBe(false);
    const transport = await pickTransport("ws");
    const port = await freePort();
    if (!sharing) {
      await expect(listen(transport, "a", port)).rejects.toMatchObject({ code: "VANGO_REUSE_PORT" });
      return;
    }
    await listen(transport, "a", port);
    await listen(transport, "b", port);
    const seen = new Set<string>();
    while (seen.size < 2) seen.add(await ask(port));
    expect(seen).toEqual(new Set(["a", "b"]));
  });
});
