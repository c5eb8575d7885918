// A Redis of the tests' own: VANGO_TEST_REDIS_URL if given, else the installed server on a free port, in memory or with an
// append-only file. `pnpm test` installs the server where it may.
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";

export interface RedisServer {
  readonly url: string;
  /** `kill -9`, and the same data on the same port again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(o: { readonly durable?: boolean } = {}): Promise<RedisServer> {
  const given = process.env["VANGO_TEST_REDIS_URL"];
  if (given !== undefined && given !== "" && o.durable !== true) return { url: given, crash: () => Promise.reject(new Error("not ours")), stop: () => Promise.resolve() };
  const binary = findBinary();
  if (binary === undefined) throw new Error("No redis-server or valkey-server found. Fix: install one (Debian: apt-get install redis-server), or set VANGO_TEST_REDIS_URL.");
  const folder = mkdtempSync(join(tmpdir(), "vango-redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const durable = o.durable === true ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const start = async (): Promise<ChildProcess> => {
    const server = spawn(binary, ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...durable], { stdio: "ignore" });
    await ready(url);
    return server;
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    server.kill(signal);
    await gone;
  };
  return {
    url,
    async crash() {
      await end("SIGKILL");
      server = await start();
    },
    async stop() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinary(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of ["redis-server", "valkey-server"]) {
    for (const folder of folders) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

/** The server is another process: there is nothing to await but its socket. */
async function ready(url: string): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.ping();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(30);
    } finally {
      client.disconnect();
    }
  }
}
