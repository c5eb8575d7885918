// The embedded store keeps the port's rules; a killed process loses nothing that was committed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { lmdbRepository } from "../app/data/lmdb/repository.js";
import { repositoryConformance } from "./conformance.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-lmdb-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

repositoryConformance("lmdb", async () => lmdbRepository({ path: join(folder, "data") }));

it("what another process wrote before kill -9 is there", async () => {
  const path = join(folder, "killed");
  const lmdb = JSON.stringify(import.meta.resolve("lmdb"));
  const script = `import { open } from ${lmdb}; const root = open({ path: ${JSON.stringify(path)}, maxDbs: 12 });
    const checks = root.openDB({ name: "checks" });
    await checks.put(1, { id: 1, text: "written elsewhere", done: false, byId: "mara", at: 1 }); process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(signal).toBe("SIGKILL");
  const repo = lmdbRepository({ path });
  expect((await repo.checks()).map((c) => c.text)).toEqual(["written elsewhere"]);
  await repo.close();
});
