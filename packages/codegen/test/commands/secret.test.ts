// The key that `vango dev` and `vango start` keep for an app.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { appSecret } from "../../src/commands/secret.js";
import { tree } from "../routes/tree.js";

it("C10: is made once, for the owner alone, ignored by git", () => {
  const root = tree({ "package.json": "{}" });
  const made = appSecret(root, {});
  expect(made).toMatchObject({ kept: true, value: expect.stringMatching(/^[\w-]{43}$/) });
  expect(appSecret(root, { VANGO_SECRET: "" })).toEqual(made);
  expect(statSync(join(root, ".vango/secret")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(root, ".vango/.gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(join(root, ".vango")).sort()).toEqual([".gitignore", "secret"]);
});

it("C10: the environment's wins, and then nothing is written", () => {
  const root = tree({ "package.json": "{}" });
  expect(appSecret(root, { VANGO_SECRET: "given" })).toEqual({ value: "given", kept: false });
  expect(existsSync(join(root, ".vango"))).toBe(false);
});

it("C10: a file that holds no key is replaced", () => {
  const root = tree({ "package.json": "{}", ".vango/secret": "" });
  const made = appSecret(root, {});
  expect(made?.value).toHaveLength(43);
  expect(appSecret(root, {})).toEqual(made);
});

it("C10: a folder that cannot be written gives none", () => {
  const root = tree({ "package.json": "{}" });
  mkdirSync(join(root, ".vango"));
  chmodSync(join(root, ".vango"), 0o500);
  let writable = true;
  try {
    writeFileSync(join(root, ".vango/probe"), "");
  } catch {
    writable = false;
  }
  // root writes anywhere
  expect(appSecret(root, {}) === undefined).toBe(!writable);
  chmodSync(join(root, ".vango"), 0o700);
});
