// One file, several processes. A worker that starts opens a file that others write at the same time: nothing that was acknowledged
// may be taken back by it. (lmdb 3.5.6 alone loses a commit in a few dozen openings, and ends the process when a disk is full.)
import { execFile, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmdbStore } from "../src/lmdb.js";

/** It lies where lmdb is found. */
const CACHE = new URL("../node_modules/.cache/vango/", import.meta.url);
const OPENER = fileURLToPath(new URL("open-again.mjs", CACHE));
const FILLER = fileURLToPath(new URL("fill-up.mjs", CACHE));
const FACTOR = Number(process.env["VANGO_SOAK_FACTOR"] ?? 1);
const OPENINGS = Math.ceil(400 * FACTOR);
const OPENERS = 2;
const MADE = 60;
const MAKERS = 3;
/** As long as the turn of another is waited for. */
const PATIENCE_MS = 2000;
/** Writes on their way at once. */
const LANES = 4;
const folder = mkdtempSync(join(tmpdir(), "vango-opening-"));
const run = promisify(execFile);

beforeAll(async () => {
  const entryPoints = ["open-again", "fill-up"].map((name) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)));
  await build({ entryPoints, outdir: fileURLToPath(CACHE), outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm", external: ["lmdb"], logLevel: "error" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("opening a database that others write", () => {
  for (const own of ["", "write"]) {
    it(`P24: ${OPENERS} processes open it ${OPENINGS} times${own === "" ? "" : " and write"}: every acknowledged write is there`, async () => {
      const path = join(folder, `open${own}.lmdb`);
      const store = lmdbStore({ path });
      let over = false;
      const acknowledged: string[] = [];
      const lane = async (name: number): Promise<void> => {
        for (let n = 0; !over; n++) {
          const made = await store.create(`${name}-${n}`, { owner: "w" });
          expect(made.ok).toBe(true);
          acknowledged.push(`${name}-${n}`);
        }
      };
      const lanes = Array.from({ length: LANES }, (_, i) => lane(i));
      try {
        await Promise.all(Array.from({ length: OPENERS }, () => run(process.execPath, [OPENER, path, String(OPENINGS / OPENERS), own])));
      } finally {
        over = true;
      }
      await Promise.all(lanes);
      expect(acknowledged.length).toBeGreaterThan(100);
      const gone: string[] = [];
      for (const id of acknowledged) if ((await store.load(id)) === null) gone.push(id);
      expect(gone).toEqual([]);
      expect((await store.stats()).sessions).toBe(acknowledged.length + (own === "" ? 0 : OPENINGS));
      await store.close();
    }, 120_000 * Math.max(1, FACTOR));
  }

  it(`P24: ${MAKERS} processes that make ${MADE} databases at the same moments use the same ones`, async () => {
    const path = join(folder, "new");
    const start = String(Date.now() + 1000);
    await Promise.all(Array.from({ length: MAKERS }, () => run(process.execPath, [OPENER, path, String(MADE), "write", start])));
    const found: number[] = [];
    for (let n = 0; n < MADE; n++) {
      const store = lmdbStore({ path: `${path}${n}` });
      found.push((await store.stats()).sessions);
      await store.close();
    }
    expect(found).toEqual(found.map(() => MAKERS));
  }, 60_000);

  it.each([
    ["a process that has ended", String(spawnSync(process.execPath, ["-e", ""]).pid), 0],
    ["one that took longer than anybody may", "1", 60_000],
    ["nobody", "what?", 60_000],
    ["one that was killed before it had written its number", "", 60_000],
    ["this process", String(process.pid), 0],
  ])("P24: the turn of %s is not waited for", async (_, owner, age) => {
    const path = join(folder, `turn-${randomUUID()}.lmdb`);
    const turn = `${path}-turn`;
    writeFileSync(turn, owner);
    utimesSync(turn, new Date(), new Date(Date.now() - age));
    const begun = performance.now();
    const store = lmdbStore({ path });
    expect((await store.create("s", { owner: "w" })).ok).toBe(true);
    await store.close();
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
    expect(readdirSync(folder).filter((name) => name.includes("-turn") && name !== basename(turn))).toEqual([]);
    expect(existsSync(turn)).toBe(owner === String(process.pid));
  });

  it("P24: who closes is waited for", async () => {
    const path = join(folder, "waited.lmdb");
    await lmdbStore({ path }).close();
    const other = spawn(process.execPath, ["-e", `require("fs").writeFileSync(${JSON.stringify(`${path}-turn`)}, String(process.pid)); console.log("has it"); setTimeout(() => require("fs").rmSync(${JSON.stringify(`${path}-turn`)}), 300)`]);
    await once(other.stdout, "data");
    const begun = performance.now();
    await lmdbStore({ path }).close();
    expect(performance.now() - begun).toBeGreaterThan(150);
  });

  it("P24: a transaction that would build on a former one is begun anew, and reads see the last", async () => {
    const path = join(folder, "former.lmdb");
    const store = lmdbStore({ path });
    // Kept open until the end: closing it would drop LMDB's lock.
    const lock = openSync(`${path}-lock`, "r+");
    const number = Buffer.alloc(8);
    try {
      for (let n = 0; n < 20; n++) {
        readSync(lock, number, 0, 8, 8);
        const made = await store.create(`s${n}`, { owner: "w" });
        if (!made.ok) throw new Error(made.reason);
        // What another process does that has read the file before this commit.
        writeSync(lock, number, 0, 8, 8);
        if (n % 2 === 0) expect(await store.load(`s${n}`)).not.toBeNull();
        expect((await store.commit(`s${n}`, made.epoch, new Map([["k", Uint8Array.of(n)]]))).ok).toBe(true);
      }
      expect((await store.stats()).sessions).toBe(20);
      await store.close();
    } finally {
      closeSync(lock);
    }
  });
});

describe("a disk that takes no more", () => {
  it.skipIf(process.platform === "win32")("P25: refuses a write with its reason; what was acknowledged stays, and the process lives", async () => {
    // A limit of the size of files, in blocks of 512 bytes or 1 KiB, stands for it.
    const path = join(folder, "full.lmdb");
    const { stdout } = await run("/bin/sh", ["-c", 'trap "" XFSZ; ulimit -f 2000; exec "$0" "$@"', process.execPath, FILLER, path]);
    const told = JSON.parse(stdout) as { acknowledged: number; refused: string[]; gone: string[]; sessions: number; kept: number };
    expect(told.acknowledged).toBeGreaterThan(10);
    expect(told.refused).toHaveLength(1);
    expect(told.refused[0]).toMatch(/^storage: VANGO_PERSIST_STORAGE: .*(?:[Ff]ile too large|[Ii]nput\/output error)/u);
    expect(told).toMatchObject({ gone: [], sessions: told.acknowledged, kept: told.acknowledged });
  });
});
