// `vango dev` on a real app: restarts on change, regenerates routes, shows errors and recovers, ends cleanly.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fixtureApp, home, vango, vangoWith } from "./app.js";

const get = async (url: string) => {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  return { status: response.status, text: await response.text() };
};

it("C7, C8: runs from source, restarts, shows errors and recovers", { timeout: 90_000 }, async () => {
  const root = fixtureApp();
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);
  const dev = vango("dev", "--cwd", root, "--port", "0");
  const [, url = ""] = await dev.next(/ready in \d+ ms, 1 routes: (\S+)/);
  expect(await get(url)).toMatchObject({ status: 200, text: expect.stringContaining("hello from vango") });

  write("app/greet.ts", "export const greet = (text: string): string => `${text} again`;\n");
  await dev.next(/restarted in \d+ ms: app\/greet\.ts/);
  expect((await get(url)).text).toContain("hello again");

  write("app/routes/about.tsx", home("about"));
  await dev.next(/restarted in/);
  expect((await get(`${url}/about`)).text).toContain("about again");

  write("app/routes/about.tsx", home("about").replace("<h1>", "<h1><p><div /></p>"));
  await dev.next(/VANGO_TPL_NESTING[\s\S]*about\.tsx:3:\d+[\s\S]*> 3 \|[\s\S]*fix: /);
  expect(await get(url)).toMatchObject({ status: 500, text: expect.stringContaining("VANGO_TPL_NESTING") });

  rmSync(join(root, "app/routes/about.tsx"));
  await dev.next(/restarted in/);
  expect((await get(url)).status).toBe(200);
  expect((await get(`${url}/about`)).status).toBe(404);

  write("app/greet.ts", "export const greet = (text: string): string => text;\nprocess.exit(3);\n");
  await dev.next(/VANGO_APP_CRASHED: .*code 3/);
  expect((await get(url)).status).toBe(500);

  write("app/greet.ts", "export const greet = (text: string): string => text;\n");
  await dev.next(/restarted in/);
  expect((await get(url)).text).toContain("<h1>hello</h1>");

  dev.child.kill("SIGINT");
  expect(await dev.exit).toBe(0);
});

it("C11: a README restarts nothing, a file imported from outside of app/ does", { timeout: 60_000 }, async () => {
  const root = fixtureApp({ "lib/words.ts": 'export const word = "one";\n', "app/greet.ts": 'export { word as greeting } from "../lib/words.js";\nexport const greet = (text: string): string => text;\n' });
  const dev = vango("dev", "--cwd", root, "--port", "0");
  await dev.next(/ready in/);
  writeFileSync(join(root, "README.md"), "# Read me\n");
  writeFileSync(join(root, "lib/notes.ts"), "export const unused = 1;\n");
  writeFileSync(join(root, "lib/words.ts"), 'export const word = "two";\n');
  await dev.next(/restarted in \d+ ms: lib\/words\.ts\n/);
  writeFileSync(join(root, "package.json"), '{ "name": "other", "type": "module" }');
  await dev.next(/restarted in \d+ ms: package\.json\n/);
  expect(dev.output()).not.toMatch(/README|notes/);
});

it("C10: the app's key outlives the command; the environment's wins", { timeout: 60_000 }, async () => {
  const root = fixtureApp({ "app/routes/key.ts": 'export const GET = () => new Response(process.env["VANGO_SECRET"]);\n' });
  const keyUnder = async (env: Readonly<Record<string, string>>) => {
    const dev = vangoWith(env, "dev", "--cwd", root, "--port", "0");
    const [, url = ""] = await dev.next(/ready in .*: (\S+)/);
    const { text } = await get(`${url}/key`);
    dev.child.kill("SIGINT");
    await dev.exit;
    return text;
  };
  const first = await keyUnder({});
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(await keyUnder({})).toBe(first);
  const own = "a secret of at least thirty-two characters";
  expect(await keyUnder({ VANGO_SECRET: own })).toBe(own);
});

it("C3: a taken port: exit 1 with VANGO_PORT_TAKEN", { timeout: 60_000 }, async () => {
  const first = vango("dev", "--cwd", fixtureApp(), "--port", "0");
  const [, url = ""] = await first.next(/ready in .*: (\S+)/);
  const second = vango("dev", "--cwd", fixtureApp(), "--port", new URL(url).port);
  expect(await second.exit).toBe(1);
  expect(second.output()).toMatch(/VANGO_PORT_TAKEN[\s\S]*fix: .*--port N/);
});
