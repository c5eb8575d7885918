// How the panel is added to an app.
import { describe, expect, it } from "vitest";
import { createApp, diagnostics, type AppOptions } from "@vango/server";
import { devtools, DEVTOOLS_PATH } from "../src/index.js";

const SECRET = "a secret of the tests that is long enough";
const options = (more: Partial<AppOptions> = {}): AppOptions => ({ routes: { buildId: "t", routes: [] }, secret: SECRET, onError: () => undefined, ...more });

describe("devtools", () => {
  it("D9: changes nothing in production", async () => {
    for (const given of [options(), options({ dev: false })]) {
      expect(devtools(given)).toBe(given);
      const response = await createApp(given).fetch(new Request(`http://localhost${DEVTOOLS_PATH}`));
      expect(response.status).toBe(404);
    }
  });

  it("D9: adds the panel and its stylesheet in development, below the base path", async () => {
    const app = createApp(devtools(options({ dev: true, basePath: "/app" })));
    const page = await app.fetch(new Request(`http://localhost/app${DEVTOOLS_PATH}`));
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain("<title>Vango devtools</title>");
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1];
    expect(href).toBe("/app/_vango/devtools/style");
    const style = await app.fetch(new Request(`http://localhost${href}`));
    expect(style.headers.get("content-type")).toContain("text/css");
  });

  it("D9: listens once however often it is called", () => {
    devtools(options({ dev: true }));
    devtools(options({ dev: true }));
    expect(diagnostics.session.watched).toBe(true);
  });

  it("D4, D5, D7: lists what the server reports, but not its own sessions", async () => {
    const app = createApp(devtools(options({ dev: true })));
    diagnostics.session.publish({ kind: "join", session: "s1", path: "/issues?page=2", tab: "tab-one", boot: '{"t":["p","p eclick::- s:0"],"s":[0,1,5,1]}' });
    diagnostics.session.publish({ kind: "join", session: "s2", path: DEVTOOLS_PATH, tab: "tab-two" });
    diagnostics.frame.publish({ session: "s1", direction: "up", bytes: 6, data: Uint8Array.of(2, 1, 0, 1, 1, 0) });
    diagnostics.frame.publish({ session: "s1", direction: "down", bytes: 6, data: Uint8Array.of(2, 1, 1, 2, 13, 1) });
    diagnostics.frame.publish({ session: "s1", direction: "up", bytes: 3, data: Uint8Array.of(2, 255, 255) });
    const html = await (await app.fetch(new Request(`http://localhost${DEVTOOLS_PATH}`))).text();
    for (const text of ["tab-one", "/issues", "click #1.0", "clear #1.1"]) expect(html).toContain(text);
    expect(html).not.toContain("page=2");
    expect(html).not.toContain("tab-two");
    diagnostics.session.publish({ kind: "close", session: "s1" });
    const after = await (await app.fetch(new Request(`http://localhost${DEVTOOLS_PATH}`))).text();
    expect(after).toContain('class="closed"');
  });
});
