// Finds or installs the servers that the store tests start: Redis (or Valkey) and PostgreSQL. Order: an address given by
// VANGO_TEST_REDIS_URL or VANGO_TEST_POSTGRES_URL, what is installed, apt-get where we are root on Debian or Ubuntu.
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./process.mjs";

const clusters = "/usr/lib/postgresql";

/** @param {string} file */
function executable(file) {
  try { accessSync(file, constants.X_OK); return true; } catch { return false; }
}

/** @param {readonly string[]} names */
const onPath = (names) => (process.env.PATH ?? "").split(delimiter).flatMap((dir) => names.map((name) => join(dir, name))).find(executable);

/** @returns {string | undefined} */
function redis() {
  return process.env.VANGO_TEST_REDIS_URL || onPath(["redis-server", "valkey-server"]);
}

/** @returns {string | undefined} */
function postgres() {
  if (process.env.VANGO_TEST_POSTGRES_URL) return process.env.VANGO_TEST_POSTGRES_URL;
  const versions = existsSync(clusters) ? readdirSync(clusters) : [];
  return versions.map((version) => join(clusters, version, "bin", "initdb")).find(executable);
}

/** What there is, after installing what may be installed: lines for people. @param {(line: string) => void} say @returns {Promise<string>} */
export async function provideDatabases(say) {
  const missing = [...redis() ? [] : ["redis-server"], ...postgres() ? [] : ["postgresql"]];
  if (missing.length > 0 && process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const wait = ["-o", "DPkg::Lock::Timeout=300"];
    // Installed servers must not start by themselves: the tests start their own.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    say(`no ${missing.join(" and no ")} found: apt-get install …`);
    await run("apt-get", [...wait, "update"], { env, timeoutMs: 180_000 });
    await run("apt-get", [...wait, "install", "-y", "--no-install-recommends", ...missing], { env, timeoutMs: 300_000 });
  }
  return `databases: Redis ${redis() ?? "missing"}, PostgreSQL ${postgres() ?? "missing"}`;
}
