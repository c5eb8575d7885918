// A PostgreSQL of the tests' own: VANGO_TEST_POSTGRES_URL if given, else a throwaway cluster of the installed server. PostgreSQL
// refuses root, so as root it runs as `nobody` in a folder of its own. `pnpm test` installs the server where it may.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./redis.js";

export interface PostgresServer {
  /** A new, empty database. */
  database(): Promise<string>;
  /** Ends every connection of a database, as a failover does. */
  disconnect(url: string): Promise<void>;
  /** `kill -9` of the whole server, and the same data on the same port again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(o: { readonly durable?: boolean } = {}): Promise<PostgresServer> {
  const given = process.env["VANGO_TEST_POSTGRES_URL"];
  if (given !== undefined && given !== "" && o.durable !== true) return onServer(given, () => Promise.reject(new Error("not ours")), () => Promise.resolve());
  const bin = findBinaries();
  if (bin === undefined) throw new Error("No PostgreSQL found under /usr/lib/postgresql. Fix: install one (Debian: apt-get install postgresql), or set VANGO_TEST_POSTGRES_URL.");
  const folder = mkdtempSync(join(tmpdir(), "vango-pg-"));
  chmodSync(folder, 0o777);
  const data = join(folder, "data");
  const port = await freePort();
  const [command = "env", ...prefix] = process.getuid?.() === 0 ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", `HOME=${folder}`] : ["env"];
  execFileSync(command, [...prefix, join(bin, "initdb"), "-D", data, "-U", "vango", "-A", "trust", "--no-sync", "--no-locale", "--encoding=UTF8"], { stdio: "ignore", cwd: folder });
  const args = ["-D", data, "-p", String(port), "-k", folder, "-h", "127.0.0.1", "-c", `fsync=${o.durable === true ? "on" : "off"}`, "-c", "max_connections=300"];
  const url = `postgres://vango@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<ChildProcess> => {
    for (;;) {
      const server = spawn(command, [...prefix, join(bin, "postgres"), ...args], { stdio: "ignore", cwd: folder });
      // After a crash a new server refuses to start as long as the old one's children are there.
      const gone = new Promise<boolean>((resolve) => server.once("exit", () => resolve(true)));
      if (!(await Promise.race([gone, ready(url, () => server.exitCode !== null).then(() => false)]))) return server;
      await wait(50);
    }
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    server.kill(signal);
    await gone;
  };
  return onServer(
    url,
    async () => {
      await end("SIGKILL");
      server = await start();
    },
    async () => {
      await end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  );
}

let databases = 0;

function onServer(given: string, crash: () => Promise<void>, stop: () => Promise<void>): PostgresServer {
  const made: string[] = [];
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: given });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  return {
    async database() {
      const name = `vango_test_${process.pid}_${++databases}`;
      await admin(`create database ${name}`);
      made.push(name);
      const url = new URL(given);
      url.pathname = `/${name}`;
      return url.href;
    },
    disconnect: (url) => admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(url)}'`),
    crash,
    async stop() {
      for (const name of made) await admin(`drop database if exists ${name} with (force)`);
      await stop();
    },
  };
}

function findBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** The server is another process: there is nothing to await but its socket. */
async function ready(url: string, over: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (over()) return;
      if (Date.now() > end) throw error;
      await wait(50);
    }
  }
}
