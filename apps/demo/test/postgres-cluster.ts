// Where the PostgreSQL tests run: DATABASE_URL if given, else a throwaway cluster of the installed server.
// PostgreSQL refuses root, so as root it runs as `nobody` in a folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

export interface Cluster {
  readonly url: string;
  readonly how: string;
  stop(): Promise<void>;
}

/** Finds a place for a fresh database, or says why there is none. */
export async function startCluster(): Promise<Cluster | { readonly why: string }> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return onServer(given);
  const bin = findBinaries();
  if (bin === undefined) return { why: "no DATABASE_URL and no PostgreSQL under /usr/lib/postgresql" };
  return ownServer(bin);
}

async function onServer(given: string): Promise<Cluster> {
  const name = `cairn_test_${process.pid}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: given });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(given);
  url.pathname = `/${name}`;
  return { url: url.href, how: `DATABASE_URL, database ${name}`, stop: () => admin(`drop database ${name} with (force)`) };
}

async function ownServer(bin: string): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-pg-"));
  chmodSync(folder, 0o777);
  const data = join(folder, "data");
  const port = await freePort();
  const asUser = process.getuid?.() === 0 ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", `HOME=${folder}`] : ["env"];
  const [command = "env", ...prefix] = asUser;
  execFileSync(command, [...prefix, join(bin, "initdb"), "-D", data, "-U", "cairn", "-A", "trust", "--no-sync"], { stdio: "ignore", cwd: folder });
  const args = ["-D", data, "-p", String(port), "-k", folder, "-h", "127.0.0.1", "-c", "fsync=off"];
  const server = spawn(command, [...prefix, join(bin, "postgres"), ...args], { stdio: "ignore", cwd: folder });
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `postgres://cairn@127.0.0.1:${port}/postgres`;
  await ready(url);
  return {
    url,
    how: `a throwaway cluster of ${bin}`,
    async stop() {
      server.kill("SIGINT");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

async function ready(url: string): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(50); // the server is another process: there is nothing to await but its socket
    }
  }
}
