// Finds or provisions a Chromium for the browser tests, and says what it does. Order: CHROMIUM_PATH, an installed
// browser, apt-get where we are root on Debian or Ubuntu, a build shipped on npm, Playwright's own download.
// Beside it the headless shell: the same engine without a window around each page, which takes a quarter of the processor time to
// open one. Where there is none the browser does everything.
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./process.mjs";
import { root } from "./workspace.mjs";

/** The last version of the npm-shipped build that runs on Node 20; Linux only. */
const npmBuild = "@sparticuz/chromium@143.0.4";

const shellNames = ["chromium-headless-shell", "chrome-headless-shell"];
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const macApps = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** @param {string} file */
function executable(file) {
  try { accessSync(file, constants.X_OK); return true; } catch { return false; }
}

/** @param {readonly string[]} of */
const onPath = (of) => (process.env.PATH ?? "").split(delimiter).flatMap((dir) => of.map((name) => join(dir, name)));

/** An installed browser on PATH or in macOS' applications. @returns {string | undefined} */
export function installedChromium() {
  return [...onPath(names), ...macApps].find(executable);
}

/** @typedef {{ path: string, how: string } | { path: undefined, how: string }} Found */

/** The headless shell, if there is one or apt-get can install it; none where another browser than the system's was asked for. @param {(line: string) => void} say @returns {Promise<string | undefined>} */
export async function provideShell(say) {
  const named = process.env.CHROMIUM_PATH;
  if (named && named !== installedChromium()) return undefined;
  const installed = () => onPath(shellNames).find(executable);
  if (installed() === undefined) await apt("chromium-headless-shell", "no headless shell found", say);
  return installed();
}

/** @param {(line: string) => void} say @returns {Promise<Found>} */
export async function provideChromium(say) {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (executable(named)) return { path: named, how: "CHROMIUM_PATH" };
    return { path: undefined, how: `CHROMIUM_PATH names ${named}, which is no executable. Fix: correct it, or unset it to use the system's browser` };
  }
  const installed = installedChromium();
  if (installed) return { path: installed, how: "installed" };
  return await viaApt(say) ?? await viaNpm(say) ?? await viaPlaywright(say) ??
    { path: undefined, how: "no Chromium found and none could be provisioned. Fix: install one (Debian: apt-get install chromium; macOS: brew install --cask google-chrome) or set CHROMIUM_PATH" };
}

/** @param {(line: string) => void} say @returns {Promise<Found | undefined>} */
async function viaApt(say) {
  await apt("chromium", "no browser found", say);
  const path = installedChromium();
  return path ? { path, how: "installed by apt-get" } : undefined;
}

/** Where we may and can. @param {string} name @param {string} why @param {(line: string) => void} say */
async function apt(name, why, say) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  say(`${why}: apt-get install ${name} …`);
  await run("apt-get", [...wait, "update"], { env, timeoutMs: 180_000 });
  await run("apt-get", [...wait, "install", "-y", "--no-install-recommends", name], { env, timeoutMs: 300_000 });
}

/** @param {(line: string) => void} say @returns {Promise<Found | undefined>} */
async function viaNpm(say) {
  if (process.platform !== "linux") return undefined;
  const dir = join(root, "node_modules", ".cache", "vango", "chromium");
  say(`no browser found: fetching ${npmBuild} from npm …`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const installed = await run("npm", ["install", "--no-audit", "--no-fund", "--no-save", npmBuild], { cwd: dir, timeoutMs: 180_000 });
  if (installed.code !== 0) return undefined;
  const unpack = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())";
  const unpacked = await run(process.execPath, ["--input-type=module", "-e", unpack], { cwd: dir, timeoutMs: 60_000 });
  const path = unpacked.output.trim().split("\n").at(-1) ?? "";
  if (unpacked.code !== 0 || !executable(path)) return undefined;
  const starts = await run(path, ["--headless", "--no-sandbox", "--version"], { timeoutMs: 20_000 });
  return starts.code === 0 ? { path, how: npmBuild } : undefined;
}

/** @param {(line: string) => void} say @returns {Promise<Found | undefined>} */
async function viaPlaywright(say) {
  say("no browser found: asking Playwright for its own build …");
  const dir = join(root, "tests-e2e");
  const cli = join(dir, "node_modules", "playwright-core", "cli.js");
  const installed = await run(process.execPath, [cli, "install", "chromium"], { cwd: dir, timeoutMs: 300_000 });
  if (installed.code !== 0) return undefined;
  const ask = "import { chromium } from 'playwright-core'; console.log(chromium.executablePath())";
  const asked = await run(process.execPath, ["--input-type=module", "-e", ask], { cwd: dir, timeoutMs: 20_000 });
  const path = asked.output.trim();
  return executable(path) ? { path, how: "Playwright's build" } : undefined;
}
