// One Chromium for all files of a run: starting one costs as much as several tests, and each test has a context of its own in it.
// The executable is CHROMIUM_PATH, which `pnpm test` provides, else the system's.
import { existsSync } from "node:fs";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";
import { beforeAll } from "vitest";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

function executable(): string {
  const path = process.env["CHROMIUM_PATH"] ?? SYSTEM.find((p) => existsSync(p));
  if (path === undefined) throw new Error("No Chromium: set CHROMIUM_PATH, or run `pnpm test`, which finds one.");
  return path;
}

export const launch = (o: LaunchOptions = {}): Promise<Browser> => chromium.launch({ executablePath: executable(), args: ARGS, ...o });

/** Files share a process (vitest.config.ts), and with it this; Playwright ends the browser when the process ends. */
let shared: Promise<Browser> | undefined;

/** Provides the browser for the file's tests. */
export function useBrowser(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await (shared ??= launch());
  });
  return () => browser;
}
