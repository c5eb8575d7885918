// A browser tab on a page, with everything a test asks about: frames of its socket, runtime events, requests, policy
// violations and errors of the console. What went wrong in the page fails the test at its end, unless it was expected.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

export interface RuntimeEvent {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Payloads of WebSocket messages, oldest first. */
  readonly up: Buffer[];
  readonly down: Buffer[];
  /** Paths of HTTP requests since the last `clear`. */
  readonly requests: string[];
  /** Sockets opened so far. */
  sockets(): number;
  /** Forgets frames and requests. */
  clear(): void;
  /** Waits until the page is live and everything is applied. */
  settled(): Promise<void>;
  /** `vango:*` events of the document so far. */
  events(type?: string): Promise<RuntimeEvent[]>;
  text(css: string): Promise<string>;
  /** What the page logged as error or threw; must be empty in the end. */
  readonly problems: string[];
}

export interface TabOptions {
  readonly context?: BrowserContext;
  /** Runs in the page before its scripts. */
  readonly before?: () => void;
  /** Do not wait for the page to be live. */
  readonly early?: boolean;
  /** Called before the first request. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Errors in the console are what this test is about. */
  readonly expectProblems?: boolean;
}

/** Kinds of a PATCH message and of an EVENT message. */
export const PATCH = 2;
export const EVENT = 2;

declare global {
  // The runtime's global, as far as tests use it, and what the recorder below keeps.
  var vango: { readonly state: string; settled(): Promise<void>; reconnect(): void };
  var heard: { type: string; detail: Record<string, unknown> }[];
  var violations: string[];
}

function record(): void {
  globalThis.heard = [];
  globalThis.violations = [];
  for (const type of ["vango:connection", "vango:error", "vango:toast", "vango:url", "vango:leave", "vango:session", "app:event"]) {
    document.addEventListener(type, (e) => void globalThis.heard.push({ type, detail: (e as CustomEvent<Record<string, unknown>>).detail }));
  }
  document.addEventListener("securitypolicyviolation", (e) => void globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
}

export async function openTab(browser: Browser, url: string, o: TabOptions = {}): Promise<Tab> {
  const context = o.context ?? (await browser.newContext());
  const page = await context.newPage();
  const up: Buffer[] = [];
  const down: Buffer[] = [];
  const requests: string[] = [];
  const problems: string[] = [];
  let sockets = 0;
  page.on("websocket", (socket) => {
    sockets++;
    socket.on("framesent", ({ payload }) => void up.push(Buffer.from(payload)));
    socket.on("framereceived", ({ payload }) => void down.push(Buffer.from(payload)));
  });
  // The browser asks for an icon by itself, whenever it likes.
  const icon = (address: string): boolean => address.endsWith("/favicon.ico");
  page.on("request", (request) => {
    if (!icon(request.url())) requests.push(new URL(request.url()).pathname);
  });
  page.on("pageerror", (error) => void problems.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !icon(message.location().url)) problems.push(message.text());
  });
  await page.addInitScript(record);
  if (o.before !== undefined) await page.addInitScript(o.before);
  await o.prepare?.(page);
  const tab: Tab = {
    page,
    context,
    up,
    down,
    requests,
    problems,
    sockets: () => sockets,
    clear() {
      up.length = down.length = requests.length = 0;
    },
    settled: async () => {
      await page.waitForFunction(() => /live|refused/.test(globalThis.vango?.state));
      expect(await page.evaluate(() => [globalThis.vango.state, ...globalThis.heard.filter((e) => e.type === "vango:error")]), "the page is not live").toContain("live");
      await page.evaluate(() => globalThis.vango.settled());
    },
    events: (type) => page.evaluate((wanted) => globalThis.heard.filter((e) => wanted === undefined || e.type === wanted), type),
    text: (css) => page.locator(css).innerText(),
  };
  onTestFinished(async () => {
    const violations = page.isClosed() ? [] : await page.evaluate(() => globalThis.violations).catch(() => []);
    if (o.context === undefined) await context.close();
    expect(violations, "content security policy").toEqual([]);
    if (o.expectProblems !== true) expect(problems, "errors in the page").toEqual([]);
  });
  await page.goto(url);
  if (o.early !== true) await tab.settled();
  return tab;
}

/** Payload sizes of the messages of one kind. */
export const sizes = (messages: readonly Buffer[], kind: number): number[] => messages.filter((m) => m[0] === kind).map((m) => m.length);
