// Route generation: the golden file, determinism, staleness, and every refusal with both files named.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRoutes, generateRoutes, writeRoutes } from "../../src/routes/generate.js";
import { api, layout, page, tree } from "./tree.js";

const APP = {
  "app/routes/index.tsx": page,
  "app/routes/layout.tsx": layout,
  "app/routes/middleware.ts": "export const middleware = 1;\n",
  "app/routes/not-found.tsx": page,
  "app/routes/error.tsx": page,
  "app/routes/about.tsx": `${page}export const head = 1;\n`,
  "app/routes/_helper.tsx": "export const Helper = 1;\n",
  "app/routes/about.test.tsx": "",
  "app/routes/users/index.tsx": page,
  "app/routes/users/layout.tsx": layout,
  "app/routes/users/[id:int].tsx": page,
  "app/routes/users/[id:int]/edit.tsx": page,
  "app/routes/teams/[team]/members/[member:uuid].tsx": page,
  "app/routes/docs/[...slug].tsx": page,
  "app/routes/docs/not-found.tsx": page,
  "app/routes/api/health.ts": api,
  "app/routes/api/users/[id:int].ts": "const GET = 1; const DELETE = 2; export { GET, DELETE };\n",
};

const code = (files: Readonly<Record<string, string>>) => {
  try {
    generateRoutes(tree(files));
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("no error");
};

describe("routes_gen.ts", () => {
  it("R1, R5: is the golden file for the fixture tree", async () => {
    await expect(generateRoutes(tree(APP)).text).toMatchFileSnapshot("./golden/routes_gen.ts.txt");
  });

  it("R1: depends on the files alone, not on the order they were made in", () => {
    const reversed = Object.fromEntries(Object.entries(APP).reverse());
    expect(generateRoutes(tree(reversed)).text).toBe(generateRoutes(tree(APP)).text);
  });

  it("R6: keeps its build id when a route's body changes, and changes it when a layout is added", () => {
    const id = (files: Readonly<Record<string, string>>) => /buildId: "(\w{10})"/.exec(generateRoutes(tree(files)).text)?.[1];
    expect(id({ ...APP, "app/routes/about.tsx": `${page}// changed\n` })).toBe(id(APP));
    expect(id({ ...APP, "app/routes/docs/layout.tsx": layout })).not.toBe(id(APP));
  });

  it("R1, R8: is written once, then left alone; --check names the first different line", () => {
    const root = tree(APP);
    expect(() => checkRoutes(root)).toThrow(expect.objectContaining({ code: "VANGO_ROUTES_STALE", message: expect.stringContaining("does not exist") }));
    expect(writeRoutes(root).changed).toBe(true);
    expect(writeRoutes(root).changed).toBe(false);
    expect(checkRoutes(root).routes).toHaveLength(12);
    const file = join(root, "routes_gen.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace('"/about"', '"/abuot"'));
    expect(() => checkRoutes(root)).toThrow(expect.objectContaining({ code: "VANGO_ROUTES_STALE", message: expect.stringMatching(/Line \d+ is .*abuot/) }));
  });

  it("R8: reads a checkout with CRLF line ends as equal", () => {
    const root = tree(APP);
    writeFileSync(join(root, "routes_gen.ts"), generateRoutes(root).text.replaceAll("\n", "\r\n"));
    expect(checkRoutes(root).routes.length).toBeGreaterThan(0);
  });

  it("R4: keeps a route whose file has a syntax error: the compiler reports that", () => {
    expect(generateRoutes(tree({ "app/routes/index.tsx": "export const page = <p>;" })).routes).toMatchObject([{ kind: "page", path: "/" }]);
  });
});

describe("refusals", () => {
  it.each([
    ["a file and a folder for one path", { "app/routes/users.tsx": page, "app/routes/users/index.tsx": page }],
    ["typed and untyped parameter at one spot", { "app/routes/users/[id].tsx": page, "app/routes/users/[id:int].tsx": page }],
    ["two names at one spot, deeper below", { "app/routes/users/[id]/a.tsx": page, "app/routes/users/[name]/b.tsx": page }],
    ["two rest parameters", { "app/routes/[...a].tsx": page, "app/routes/[...b].tsx": page }],
    ["two Unicode encodings of one name", { "app/routes/caf\u00e9.tsx": page, "app/routes/cafe\u0301.tsx": page }],
    ["two extensions", { "app/routes/a.tsx": page, "app/routes/a.ts": page }],
    ["two layouts", { "app/routes/index.tsx": page, "app/routes/layout.tsx": layout, "app/routes/layout.ts": layout }],
    ["a page and an API at one path", { "app/routes/a.tsx": page, "app/routes/a/index.ts": api }],
  ])("R3: %s: VANGO_ROUTE_CONFLICT names both files", (_name, files) => {
    const error = code(files);
    expect(error.code).toBe("VANGO_ROUTE_CONFLICT");
    const named = Object.keys(files).filter((file) => error.message.includes(file));
    expect(named.length).toBeGreaterThanOrEqual(2);
  });

  it.each(["[id", "[1d]", "[id:float]", "[...a:int]", "(group)", "a%20b", "[__proto__]", "a#b"])("R2: segment %s: VANGO_ROUTE_NAME", (name) => {
    expect(code({ [`app/routes/${name}.tsx`]: page })).toMatchObject({ code: "VANGO_ROUTE_NAME", message: expect.stringContaining(name) });
  });

  it("R2: a rest parameter that is not last, and a parameter twice: VANGO_ROUTE_NAME", () => {
    expect(code({ "app/routes/[...all]/edit.tsx": page }).code).toBe("VANGO_ROUTE_NAME");
    expect(code({ "app/routes/[id]/[id].tsx": page }).code).toBe("VANGO_ROUTE_NAME");
  });

  it.each([
    ["app/routes/a.tsx", "export const Page = 1;"],
    ["app/routes/a.tsx", "export const page = 1; export const POST = 2;"],
    ["app/routes/a.tsx", "export type page = 1;"],
    ["app/routes/api/a.ts", "export const get = 1;"],
    ["app/routes/layout.tsx", page],
    ["app/routes/middleware.ts", page],
    ["app/routes/not-found.tsx", layout],
  ])("R4: %s with `%s`: VANGO_ROUTE_EXPORTS names the file", (file, text) => {
    expect(code({ [file]: text })).toMatchObject({ code: "VANGO_ROUTE_EXPORTS", message: expect.stringContaining(file) });
  });

  it("no routes: VANGO_NO_ROUTES", () => {
    expect(code({ "package.json": "{}" }).code).toBe("VANGO_NO_ROUTES");
    expect(code({ "app/routes/readme.md": "" }).code).toBe("VANGO_NO_ROUTES");
  });
});
