// Flags: values, their sources, and errors that name the flag.
import { describe, expect, it } from "vitest";
import { closest } from "../../src/commands/closest.js";
import { CLI_ERRORS } from "../../src/commands/errors.js";
import { nodeProblem } from "../../src/commands/node-version.js";
import { appRoot, oneWorker, readListen, readWorkers } from "../../src/commands/options.js";
import { tree } from "../routes/tree.js";

describe("readListen", () => {
  it("C3: takes the flag, then the environment, then 127.0.0.1:3000", () => {
    expect(readListen({}, {})).toEqual({ port: 3000, host: "127.0.0.1" });
    expect(readListen({}, { PORT: "", HOST: "" })).toEqual({ port: 3000, host: "127.0.0.1" });
    expect(readListen({}, { PORT: "4000", HOST: "0.0.0.0" })).toEqual({ port: 4000, host: "0.0.0.0" });
    expect(readListen({ port: "0", host: "::1" }, { PORT: "4000", HOST: "0.0.0.0" })).toEqual({ port: 0, host: "::1" });
  });

  it.each([[{ port: "x" }, {}, "--port"], [{ port: "" }, {}, "--port"], [{ port: "65536" }, {}, "--port"], [{ port: "-1" }, {}, "--port"], [{}, { PORT: "80a" }, "PORT"], [{ host: "" }, {}, "--host"]])(
    "%j %j: VANGO_CLI_USAGE names %s", (flags, env, name) => {
      expect(() => readListen(flags, env)).toThrow(expect.objectContaining({ code: "VANGO_CLI_USAGE", message: expect.stringContaining(name) }));
    });
});

it("C20: the number of workers is the flag's, then VANGO_WORKERS', then one; anything else is VANGO_CLI_USAGE", () => {
  expect(readWorkers(undefined, undefined)).toBe(1);
  expect(readWorkers(undefined, "")).toBe(1);
  expect(readWorkers(undefined, "3")).toBe(3);
  expect(readWorkers("4", "3")).toBe(4);
  for (const [flag, variable, name] of [["two", undefined, "--workers"], ["0", undefined, "--workers"], ["", "2", "--workers"], ["257", undefined, "--workers"], [undefined, "1.5", "VANGO_WORKERS"]] as const) {
    expect(() => readWorkers(flag, variable)).toThrow(expect.objectContaining({ code: "VANGO_CLI_USAGE", message: expect.stringContaining(name) }));
  }
});

it("C20: development runs one process: VANGO_WORKERS", () => {
  expect(() => oneWorker(undefined)).not.toThrow();
  expect(() => oneWorker("1")).not.toThrow();
  expect(() => oneWorker("4")).toThrow(expect.objectContaining({ code: "VANGO_WORKERS" }));
});

it("the app's root holds package.json", () => {
  const root = tree({ "package.json": "{}" });
  expect(appRoot(root)).toBe(root);
  expect(() => appRoot(tree({ "a.txt": "" }))).toThrow(expect.objectContaining({ code: "VANGO_NO_APP", fix: expect.stringContaining("--cwd") }));
});

it.each([["20.18.9", false], ["20.19.0", true], ["21.7.3", false], ["22.11.0", false], ["22.12.0", true], ["23.0.0", true], ["24.21.0", true], ["18.20.0", false]])("C2: Node %s: %s", (version, fine) => {
  expect(nodeProblem(version) === undefined).toBe(fine);
  if (!fine) expect(nodeProblem(version)).toMatch(new RegExp(`VANGO_NODE_VERSION[\\s\\S]*why: ${CLI_ERRORS.VANGO_NODE_VERSION.why}[\\s\\S]*fix:`));
});

it("suggests near names only", () => {
  expect(closest("biuld", ["dev", "build", "start"])).toBe("build");
  expect(closest("gen", ["dev", "gen routes"])).toBe("gen routes");
  expect(closest("xyz", ["dev", "build", "start"])).toBeUndefined();
});
