// One Chromium for all files of a run: starting one costs as much as several tests, and each test has a context of its own in it.
// `pnpm test` provides the executables: CHROMIUM_PATH, else the system's, and HEADLESS_SHELL_PATH, where there is one.
import { existsSync } from "node:fs";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";
import { beforeAll } from "vitest";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const SHELL = "/usr/bin/chromium-headless-shell";
const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

function full(): string {
  const path = process.env["CHROMIUM_PATH"] ?? SYSTEM.find((p) => existsSync(p));
  if (path === undefined) throw new Error("No Chromium: set CHROMIUM_PATH, or run `pnpm test`, which finds one.");
  return path;
}

/** Opens pages for a quarter of the processor time. */
const shell = (): string | undefined => process.env["HEADLESS_SHELL_PATH"] ?? (process.env["CHROMIUM_PATH"] === undefined && existsSync(SHELL) ? SHELL : undefined);

/** The whole browser, for what the headless shell lacks: the back/forward cache. */
export const launchFull = (o: LaunchOptions = {}): Promise<Browser> => chromium.launch({ executablePath: full(), args: ARGS, ...o });

const launch = (): Promise<Browser> => chromium.launch({ executablePath: shell() ?? full(), args: ARGS });

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
