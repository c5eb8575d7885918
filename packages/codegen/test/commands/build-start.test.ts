// `vango build` and `vango start` on a real app: what is built runs, drains, and refuses what it must.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixtureApp, home, vango } from "./app.js";

const build = async (root: string) => {
  const run = vango("build", "--cwd", root);
  return { code: await run.exit, text: run.output() };
};

describe("vango build and start", { timeout: 60_000 }, () => {
  it("C4, C6, C10: builds without a warning, serves on the printed URL, drains on SIGINT with exit 0", async () => {
    const root = fixtureApp();
    const built = await build(root);
    expect(built).toMatchObject({ code: 0, text: expect.stringMatching(/dist\/main\.js +1 routes.*kB[\s\S]*dist\/public +1 files[\s\S]*build \w{10} in/) });
    expect(built.text).not.toMatch(/WARNING/);
    expect(existsSync(join(root, "routes_gen.ts"))).toBe(true);
    expect(existsSync(join(root, "dist/public/site.css.br"))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(root, "dist/assets.json"), "utf8")) as { files: Record<string, { url: string }> };
    expect(manifest.files["/site.css"]?.url).toMatch(/^\/site\.\w{10}\.css$/);

    const server = vango("start", "--cwd", root, "--port", "0");
    await server.next(/secret kept in \.vango\/secret; set VANGO_SECRET/);
    const [, url = ""] = await server.next(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<h1>hello from vango</h1>");

    const port = new URL(url).port;
    const second = vango("start", "--cwd", root, "--port", port);
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(new RegExp(`VANGO_PORT_TAKEN[\\s\\S]*127\\.0\\.0\\.1:${port}[\\s\\S]*--port`));

    server.child.kill("SIGINT");
    await server.next(/draining/);
    expect(await server.exit).toBe(0);
  });

  it("C4, R6: names a build by its sources: equal for equal sources, another after a change", async () => {
    const id = async (root: string) => /build (\w{10}) in/.exec((await build(root)).text)?.[1];
    const first = await id(fixtureApp());
    expect(first).toBeDefined();
    expect(await id(fixtureApp())).toBe(first);
    expect(await id(fixtureApp({ "app/routes/index.tsx": home("bye") }))).not.toBe(first);
  });

  it("C4: a compile error: VANGO_BUILD_FAILED with file and line, and the last build stays", async () => {
    const root = fixtureApp();
    expect((await build(root)).code).toBe(0);
    writeFileSync(join(root, "app/routes/index.tsx"), home("x").replace("<h1>", "<h1><p><div /></p>"));
    expect(await build(root)).toMatchObject({ code: 1, text: expect.stringMatching(/app\/routes\/index\.tsx:3:\d+[\s\S]*VANGO_BUILD_FAILED/) });
    expect(existsSync(join(root, "dist/main.js"))).toBe(true);
  });

  it("C6: app/main.ts without createVangoApp: VANGO_APP_ENTRY at start", async () => {
    const root = fixtureApp({ "app/main.ts": "export const app = 1;\n" });
    expect((await build(root)).code).toBe(0);
    const server = vango("start", "--cwd", root, "--port", "0");
    expect(await server.exit).toBe(1);
    expect(server.output()).toMatch(/VANGO_APP_ENTRY[\s\S]*fix: Write `export function createVangoApp/);
  });
});
