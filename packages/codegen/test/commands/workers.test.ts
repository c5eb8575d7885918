// `vango start --workers N` with real processes that are really killed.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { cli, home, keptApp, vango, vangoWith, type Run } from "./app.js";

const files = {
  "app/main.ts": `import { createApp, type App, type AppOptions } from "@vango/server";
export function createVangoApp(context: AppOptions): App {
  if (process.env["BREAK"] === String(context.worker?.number)) throw new Error("broken on purpose");
  if (process.env["CRASH"] === "start") process.kill(process.pid, "SIGKILL");
  const app = createApp(context);
  return { ...app, listen: (o) => app.listen({ ...o, transport: process.env["TRANSPORT"] as "ws" | "uws" }) };
}
`,
  "app/routes/api/pid.ts": "export const GET = () => ({ pid: process.pid, leaked: Object.keys(process.env).filter((name) => name.startsWith(\"VANGO_WORKER_\") || name === \"VANGO_WORKER\") });\n",
  "app/routes/api/die.ts": "export const POST = () => void setImmediate(() => { throw new Error(\"a bug of the app\"); });\n",
  "app/routes/index.tsx": home("hello"),
};

/** The transports that run here; uWebSockets.js has no binary for every Node. */
const transports = ((): readonly string[] => {
  try {
    createRequire(realpathSync(createRequire(import.meta.url).resolve("@vango/server/package.json")))("uWebSockets.js");
    return ["uws", "ws"];
  } catch {
    return ["ws"];
  }
})();

/** One request on a connection of its own; one that hangs is an error. */
const ask = (url: string, method = "GET"): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent: false, method, headers: { origin: new URL(url).origin } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk)).on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.setTimeout(20_000, () => request.destroy(new Error(`${url} did not answer`)));
  });
const pidOf = async (url: string): Promise<number> => (JSON.parse(await ask(`${url}/api/pid`)) as { pid: number }).pid;

async function listening(run: Run): Promise<{ url: string; pids: number[] }> {
  const [, url = "", pids = ""] = await run.next(/listening on (http:\/\/127\.0\.0\.1:\d+) with \d workers \(\w+; pids ([\d ]+)\)/);
  return { url, pids: pids.split(" ").map(Number) };
}

/** Asks until the workers that answer are all among `wanted`, and each has. */
async function servedBy(url: string, wanted: readonly number[]): Promise<void> {
  const seen = new Set<number>();
  while (!wanted.every((pid) => seen.has(pid))) {
    const pid = await pidOf(url);
    expect(wanted).toContain(pid);
    seen.add(pid);
  }
}

/** Asks without a pause, from several connections at once, until told to stop; gives what failed. */
function load(url: string): { stop(): Promise<{ answered: number; failed: unknown[] }> } {
  let stopped = false;
  let answered = 0;
  const failed: unknown[] = [];
  const loops = Array.from({ length: 8 }, async () => {
    while (!stopped) {
      try {
        if ((await pidOf(url)) > 0) answered++;
      } catch (error) {
        failed.push(error);
      }
    }
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
      return { answered, failed };
    },
  };
}

/** Whether the kernel gives the connections of a listener that closes to another one; "" where it has no such setting. */
const SETTING = "/proc/sys/net/ipv4/tcp_migrate_req";
const setting = (): string => (existsSync(SETTING) ? readFileSync(SETTING, "latin1").trim() : "");

/** Has it do so while the test runs, which takes the rights of root. False where it stays as it was: connections may be reset then. */
function handsOver(): boolean {
  if (setting() !== "0") return setting() !== "";
  try {
    writeFileSync(SETTING, "1");
  } catch {
    return false;
  }
  onTestFinished(() => writeFileSync(SETTING, "0"));
  return true;
}

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe("vango start --workers", { timeout: 120_000 }, () => {
  let root = "";
  beforeAll(async () => {
    root = keptApp(files);
    await promisify(execFile)(process.execPath, [cli, "build", "--cwd", root]);
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(transports)("C20, C21, C22, C23: %s: several workers on one port; killed ones come back, a restart and the end drop no request", async (transport) => {
    const count = transport === "uws" ? 4 : 2; // every process takes its second to start
    const run = vangoWith({ TRANSPORT: transport }, "start", "--cwd", root, "--port", "0", "--workers", String(count));
    const { url, pids } = await listening(run);
    expect(new Set(pids).size).toBe(count);
    expect(run.output().includes("tcp_migrate_req=1")).toBe(transport === "uws" && setting() === "0");
    await servedBy(url, pids);
    expect(JSON.parse(await ask(`${url}/api/pid`))).toMatchObject({ leaked: [] });

    // kill -9: the others serve on, the one comes back and says so
    const [first = 0, second = 0] = pids;
    process.kill(second, "SIGKILL");
    await run.next(new RegExp(`worker 2 \\(pid ${second}\\) was killed by SIGKILL after [\\d.]+ m?s; starting it again in 100 ms`));
    const [, third = ""] = await run.next(/worker 2 \(pid (\d+)\) serves/);
    const after = pids.map((pid) => (pid === second ? Number(third) : pid));
    await servedBy(url, after);

    // SIGTERM to one worker: replaced first, drained then
    process.kill(first, "SIGTERM");
    await run.next(new RegExp(`worker 1 \\(pid ${first}\\) got SIGTERM: replacing it`));
    const [, fourth = ""] = await run.next(/worker 1 \(pid (\d+)\) serves[\s\S]*worker 1 \(pid \d+\) drained in/);
    const now = after.map((pid) => (pid === first ? Number(fourth) : pid));
    await servedBy(url, now);

    // a rolling restart under load; only the kernel can keep uWebSockets.js from dropping what is just being opened
    const drops = transport === "uws" && !handsOver();
    const busy = load(url);
    run.child.kill("SIGUSR2");
    await run.next(new RegExp(`SIGUSR2: restarting ${count} workers, one after the other`));
    await run.next(/all workers restarted/);
    const { answered, failed } = await busy.stop();
    if (drops) for (const error of failed) expect(error).toMatchObject({ code: "ECONNRESET" });
    else expect(failed.map(String)).toEqual([]);
    expect(answered).toBeGreaterThan(100 * failed.length);
    expect(now.every(gone)).toBe(true);
    expect(now).not.toContain(await pidOf(url));

    run.child.kill("SIGTERM");
    await run.next(new RegExp(`SIGTERM: draining ${count} workers, one after the other`));
    for (let n = 1; n <= count; n++) await run.next(new RegExp(`worker ${n} \\(pid \\d+\\) drained in`));
    expect(await run.exit).toBe(0);
    await expect(ask(url)).rejects.toThrow();
  });

  it("W15: ws: a connection that was being handed to a killed worker is answered by another; closed when none serves", async () => {
    const run = vangoWith({ TRANSPORT: "ws" }, "start", "--cwd", root, "--port", "0", "--workers", "2");
    const { url, pids } = await listening(run);
    const [stopped = 0, other = 0] = pids;
    // A stopped worker takes nothing: of some connections it is given one, the other worker has the rest.
    process.kill(stopped, "SIGSTOP");
    const answers: number[] = [];
    let three: () => void = () => undefined;
    const most = new Promise<void>((resolve) => (three = resolve));
    const asked = Array.from({ length: 4 }, async () => {
      answers.push(await pidOf(url));
      if (answers.length === 3) three();
    });
    await most;
    expect(await pidOf(url)).toBe(other);
    expect(answers).toEqual([other, other, other]);
    process.kill(stopped, "SIGKILL");
    await Promise.all(asked);
    expect(answers).toEqual([other, other, other, other]);

    // None is left: who waits hears of it, instead of waiting for ever.
    const [, next = ""] = await run.next(/worker 1 \(pid (\d+)\) serves/);
    for (const pid of [other, Number(next)]) process.kill(pid, "SIGSTOP");
    const waiting = Array.from({ length: 4 }, () => pidOf(url));
    const ended = Promise.allSettled(waiting);
    for (const pid of [other, Number(next)]) process.kill(pid, "SIGKILL");
    for (const { status, ...how } of await ended) if (status === "rejected") expect(String((how as { reason: unknown }).reason)).toMatch(/ECONNRESET|ECONNREFUSED|socket hang up/);
  });

  it("C21: VANGO_WORKER_CRASHES after five in a row; an error that explains itself ends it at once", async () => {
    const crashing = vangoWith({ CRASH: "start" }, "start", "--cwd", root, "--port", "0", "--workers", "2");
    expect(await crashing.exit).toBe(1);
    expect(crashing.output()).toMatch(/worker 1 \(pid \d+\) was killed by SIGKILL before it was ready; starting it again in 100 ms[\s\S]*in 200 ms[\s\S]*in 400 ms[\s\S]*VANGO_WORKER_CRASHES[\s\S]*fix:/);

    const broken = vangoWith({ BREAK: "1", VANGO_WORKERS: "2" }, "start", "--cwd", root, "--port", "0");
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toMatch(/broken on purpose/);
    expect(broken.output()).not.toMatch(/starting it again/);
  });

  it("C23, C24: a second signal ends everything at once; workers do not outlive a supervisor that was killed", async () => {
    const run = vango("start", "--cwd", root, "--port", "0", "--workers=2");
    const first = await listening(run);
    run.child.kill("SIGSTOP");
    run.child.kill("SIGINT");
    run.child.kill("SIGTERM");
    run.child.kill("SIGCONT");
    expect(await run.exit).toBe(1);
    expect(run.output()).toMatch(/again: stopping now/);
    while (!first.pids.every(gone)) await ask(first.url).catch(() => undefined);

    const other = vango("start", "--cwd", root, "--port", "0", "--workers", "2");
    const second = await listening(other);
    other.child.kill("SIGKILL");
    await other.exit;
    while (!second.pids.every(gone)) await ask(second.url).catch(() => undefined);
  });
});
