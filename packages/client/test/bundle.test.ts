// The files that pages load: their size, and that minifying and renaming have broken nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, runInThisContext } from "node:vm";
import { brotliCompressSync, constants as zlib, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { VERSION } from "../src/version.js";
import { encodeAgain, encodeWelcome, ext, FakeSocket, frame, op, openPage } from "./page.js";

const ENTRY_BUDGET = 6000;
const MORE_BUDGET = 4096;

const root = fileURLToPath(new URL("..", import.meta.url));
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "vango-client-"));
  execFileSync(process.execPath, [join(root, "build.mjs"), dir], { cwd: root });
  writeFileSync(join(dir, "package.json"), `{"type":"module"}`);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => void vi.useRealTimers());

const sizes = (name: string): { raw: number; gzip: number; brotli: number } => {
  const code = readFileSync(join(dir, name));
  const brotli = brotliCompressSync(code, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }).length;
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length, brotli };
};

describe("bundle", () => {
  it.each([
    ["vango.min.js", ENTRY_BUDGET],
    ["vango-more.min.js", MORE_BUDGET],
  ])("C1: %s is at most %i bytes in brotli", (name, budget) => {
    const size = sizes(name);
    process.stdout.write(`${name}: ${size.raw} raw, ${size.gzip} gzip, ${size.brotli} brotli of ${budget}\n`);
    expect(size.brotli).toBeLessThanOrEqual(budget);
  });

  it("C1: neither evaluates text as code", () => {
    for (const name of ["vango.min.js", "vango-more.min.js"])
      expect(readFileSync(join(dir, name), "utf8")).not.toMatch(/\beval\b|new Function|\bFunction\(/);
  });

  it("C1: the version is the package's", () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  });

  it("C4: the entry reads the base path from its script and finds the second file beside it", async () => {
    const page = await openPage({
      body: `<b></b>`,
      tables: ["b"],
      before: (w) => void (w.document.getElementById("vango-boot")!.id = "asleep"),
    });
    page.document.getElementById("asleep")!.id = "vango-boot";
    const src = pathToFileURL(join(dir, "client.none.js")).href;
    Object.defineProperty(page.document, "currentScript", { value: { src, dataset: { base: "/deep" } } });
    vi.resetModules();
    await import("../src/boot.js");
    expect(page.socket.url).toBe("ws://app.test/deep/_vango/live");
    page.socket.onopen!();
    // There is no such file here: the page must say so.
    await vi.waitFor(() => expect(page.document.documentElement.dataset.vangoReason).toBe("part"), 10_000);
    // Its timer would open a socket in the middle of the next test's page, which would take it for its own.
    page.window.dispatchEvent(new page.window.Event("pagehide"));
  });

  it("C3: the minified files do what the sources do", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    // Opens a document whose own runtime stays asleep: the blob is renamed until the bundle runs.
    const page = await openPage({
      body: `<form><input v="0" value=""><button type="button" v="1">0</button><ul></ul><a data-vango-link href="/n">x</a></form>`,
      tables: ["form einput:::value eclick:: s:0.1 s:0.2"],
      before: (w) => void (w.document.getElementById("vango-boot")!.id = "asleep"),
    });
    expect(FakeSocket.all).toHaveLength(0);
    page.document.getElementById("asleep")!.id = "vango-boot";
    delete page.document.documentElement.dataset.vango;
    for (const [from, to] of [["vango.min.js", "client.abc.js"], ["vango-more.min.js", "client-more.abc.js"]] as const)
      renameSync(join(dir, from), join(dir, to));
    const src = pathToFileURL(join(dir, "client.abc.js")).href;
    Object.defineProperty(page.document, "currentScript", { value: { src, dataset: { base: "/b" } } });
    runInThisContext(readFileSync(join(dir, "client.abc.js"), "utf8"), {
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    expect(page.socket.url).toBe("ws://app.test/b/_vango/live");
    page.$<HTMLInputElement>("input").value = "typed";
    page.fire("button", "click", { button: 0, clientX: 300 }, "MouseEvent");
    // The clock stands still meanwhile: on a busy machine the import takes longer than the client waits for a connection.
    const said = async (): Promise<void> => {
      while (page.socket.sent.length === 0) {
        if (page.document.documentElement.dataset.vangoReason === "part") throw new Error("the second file was not loaded");
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(page.socket.sent).toHaveLength(1);
    };
    page.socket.onopen!();
    await said();
    expect(page.socket.messages()[0]).toMatchObject({ kind: 1, body: { v: 2, boot: page.bootText, url: "/list?q=1" } });
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 300, how: "new", sync: true }));
    page.socket.receive(frame(1, [ext(0), 3, "t9", "li eclick::k:", `<li v="0"></li>`, op(1, 2), 3, 0, 3, 9, 2]));
    expect(page.state()).toBe("live");
    expect(page.$("ul").innerHTML).toBe(`<li v="0"></li><li v="0"></li>`);
    expect(page.socket.events()).toMatchObject([[1, 0, { value: "typed" }], [1, 1, { button: 0, clientX: 300 }]]);
    expect(page.fire("a", "click", {}, "MouseEvent").defaultPrevented).toBe(true);
    page.socket.receive(frame(2, [ext(1), 0, 1, "/n"], 3));
    expect(page.window.location.pathname).toBe("/n");
    page.socket.drop();
    vi.advanceTimersByTime(1000);
    page.socket.onopen!();
    await said();
    expect(page.socket.messages()[0]).toMatchObject({ kind: 6, v: 2, epoch: 300, received: 2, sent: 3, sid: "s" });
    page.socket.receive(encodeAgain());
    const body = (page.socket.messages()[1] as unknown as { body: object }).body;
    expect(body).toMatchObject({ url: "/n", epoch: 300, now: { s: [0, 1, 4, 1, 0, 1, 7, 2], i: [1, 1, 9, 2] } });
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 300, how: "reconciled", seq: 2, received: 3, sync: true }));
    page.socket.receive(frame(3, [op(1, 0), 3, "live again"], 3));
    expect([page.state(), page.$("ul").textContent]).toEqual(["live", "live again"]);
    page.socket.drop();
    const { vango } = globalThis as unknown as { vango: { version: string; state: string } };
    expect([vango.version, vango.state]).toEqual([VERSION, "reconnecting"]);
  }, 90_000);
});
