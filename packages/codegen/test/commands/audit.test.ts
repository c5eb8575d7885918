// C12: the audit holds against a real server on both transports, finds what is broken, and refuses what is no app.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { audit, type AuditResult } from "../../src/commands/audit/audit.js";
import { main } from "../../src/commands/main.js";

/** Starts the app in a process of its own; it ends with the test. */
async function served(transport: "uws" | "ws", o: { csp?: false; limits?: Record<string, number> } = {}): Promise<string> {
  const child = fork(fileURLToPath(new URL("audit-server.mjs", import.meta.url)), [transport, JSON.stringify(o)], { stdio: "inherit" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [url] = (await once(child, "message")) as [string];
  return url;
}

async function run(url: string, sockets = 30): Promise<{ failed: readonly AuditResult[]; lines: string[] }> {
  const lines: string[] = [];
  const failed = await audit({ url, sockets, json: false, say: (line) => lines.push(line) });
  return { failed, lines };
}

/** uWebSockets.js has no build for newer Node. */
function transports(): readonly ("uws" | "ws")[] {
  try {
    createRequire(createRequire(import.meta.url).resolve("@vango/server/package.json"))("uWebSockets.js");
    return ["uws", "ws"];
  } catch {
    return ["ws"];
  }
}

describe.each(transports())("%s", (transport) => {
  test("C12: everything holds", async () => {
    const { failed, lines } = await run(await served(transport, { limits: { sessionsPerIp: 20, joinTimeoutMs: 500 } }));
    expect(failed).toEqual([]);
    expect(lines.find((line) => line.includes("join-flood"))).toContain("VANGO_LIMIT_IP");
    expect(lines.at(-1)).toMatch(/^\d+ held, \d noted, 0 failed$/);
  }, 60_000);
});

test("C12: what is broken is found, with the risk", async () => {
  const { failed, lines } = await run(await served("ws", { csp: false, limits: { joinTimeoutMs: 500 } }), 3);
  expect(failed.map(({ name }) => name)).toEqual(["csp", "headers"]);
  expect(lines.join("\n")).toContain("risk: injected markup runs as script");
}, 60_000);

test("C12: an address without a live page, and one that is none", async () => {
  const plain = createServer((_request, response) => void response.end("hello")).listen(0, "127.0.0.1");
  onTestFinished(() => void plain.close());
  await new Promise((resolve) => plain.once("listening", resolve));
  const { port } = plain.address() as { port: number };
  await expect(run(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "VANGO_AUDIT_TARGET" });
  await expect(run("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "VANGO_AUDIT_TARGET" });
  await expect(run("localhost")).rejects.toMatchObject({ code: "VANGO_CLI_USAGE" });
});

test("C1: the command line of audit", async () => {
  expect(await main(["audit"])).toBe(1);
  expect(await main(["audit", "http://127.0.0.1:1/", "--sockets", "x"])).toBe(1);
  expect(await main(["audit", "http://127.0.0.1:1/", "extra"])).toBe(1);
  expect(await main(["audit", "http://127.0.0.1:1/"])).toBe(1);
});
