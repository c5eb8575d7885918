// Finds a Chromium and opens a page that measures finely: cross-origin isolated, so that performance.now has microseconds.
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Path of a browser: CHROMIUM_PATH, then the system's. */
export function chromiumPath(): string {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") return given;
  const found = CANDIDATES.find((path) => existsSync(path));
  if (found === undefined) throw new Error("No Chromium found. Install one or set CHROMIUM_PATH to its executable.");
  return found;
}

/** Opens a blank isolated page, runs `use`, closes the browser. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox", "--js-flags=--expose-gc"] });
  try {
    const page = await browser.newPage();
    await page.route("**/*", (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        headers: { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" },
        body: "<!doctype html><html><head></head><body></body></html>",
      }),
    );
    await page.goto("http://localhost/");
    return await use(page);
  } finally {
    await browser.close();
  }
}
