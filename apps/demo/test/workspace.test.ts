// What a process shares: one subscription to the store, and no commit lost between a page's load and its join.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Change } from "../app/data/repository.js";
import { closeWorkspace, openWorkspace, workspace } from "../app/workspace.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-workspace-"));
const path = join(folder, "data");

beforeAll(async () => {
  expect((await openWorkspace({ path })).seeded).toBe(true);
});
afterAll(async () => {
  await closeWorkspace();
  rmSync(folder, { recursive: true, force: true });
});

it("finds the data again on the next start, and asking before it is open says so", async () => {
  await closeWorkspace();
  expect(() => workspace()).toThrow("not open");
  expect((await openWorkspace({ path })).seeded).toBe(false);
  expect(workspace().member("mara")?.name).toBe("Mara Lindqvist");
  expect([workspace().member(null), workspace().project("nope")]).toEqual([undefined, undefined]);
});

it("replays what was committed since a page was loaded, once, and then follows", async () => {
  const { repository } = workspace();
  const early: Change[] = [];
  const endEarly = workspace().follow(workspace().version(), (change) => early.push(change));
  const loadedAt = workspace().version();
  await repository.addCheck("between", "mara");
  const joined: Change[] = [];
  const endJoined = workspace().follow(loadedAt, (change) => joined.push(change));
  expect(joined.map((c) => c.checks[0]?.text)).toEqual(["between"]);
  await repository.addCheck("after", "mara");
  expect(joined.map((c) => c.checks[0]?.text)).toEqual(["between", "after"]);
  expect(early).toEqual(joined);
  endEarly();
  endJoined();
  await repository.addCheck("nobody listens", "mara");
  expect(joined).toHaveLength(2);
});
