// lmdbStore passes the conformance suite of the port.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lmdbStore } from "../src/lmdb.js";
import { storeConformance } from "../src/testing.js";

const folder = mkdtempSync(join(tmpdir(), "vango-lmdb-"));
let files = 0;
const path = (): string => join(folder, `${++files}.lmdb`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("lmdbStore", () => {
  for (const { title, run } of storeConformance((options) => lmdbStore({ path: path(), ...options }), { runs: 40 })) it(title, run);

  it("P12: survives the process, or the machine when every write is flushed", async () => {
    const [plain, flushed] = [lmdbStore({ path: path() }), lmdbStore({ path: path(), flush: true })];
    expect([plain.survives, flushed.survives]).toEqual(["process", "machine"]);
    expect((await flushed.create("s", { owner: "w" })).ok).toBe(true);
    await Promise.all([plain.close(), flushed.close()]);
  });

  it("P12: what was written is there when the file is opened again", async () => {
    const at = path();
    const first = lmdbStore({ path: at });
    const made = await first.create("s", { owner: "w", values: new Map([["k", Uint8Array.of(1, 2)]]) });
    await first.close();
    const second = lmdbStore({ path: at });
    expect((await second.load("s"))?.values).toEqual(new Map([["k", Uint8Array.of(1, 2)]]));
    if (made.ok) expect(await second.touch("s", made.epoch)).toEqual({ ok: true });
    await second.close();
  });

  it("P12: two openings of one file see each other at once", async () => {
    const at = path();
    const [a, b] = [lmdbStore({ path: at }), lmdbStore({ path: at })];
    const made = await a.create("s", { owner: "w" });
    if (!made.ok) throw new Error(made.reason);
    expect((await b.claim("s", { owner: "w2" })).ok).toBe(true);
    expect(await a.commit("s", made.epoch, new Map())).toEqual({ ok: false, reason: "fenced" });
    await Promise.all([a.close(), b.close()]);
  });

  it("P23: a file that is no database is an error of kind storage", () => {
    const at = path();
    writeFileSync(at, "this is a text and no database, whatever you think of it. ".repeat(300));
    expect(() => lmdbStore({ path: at })).toThrow(expect.objectContaining({ kind: "storage" }));
  });

  it("P23: so is one whose end is missing, wherever it was cut; a whole one of the same session opens", async () => {
    const at = path();
    const store = lmdbStore({ path: at });
    const made = await store.create("s", { owner: "w" });
    for (let i = 0; made.ok && i < 40; i++) await store.commit("s", made.epoch, new Map([[`key ${i}`, new Uint8Array(5000).fill(i)]]));
    await store.close();
    const whole = readFileSync(at);
    for (let bytes = 1; bytes < whole.length * 0.9; bytes += 7919) {
      writeFileSync(at, whole.subarray(0, bytes));
      expect(() => lmdbStore({ path: at }), `${bytes} of ${whole.length} bytes`).toThrow(expect.objectContaining({ kind: "storage" }));
    }
    writeFileSync(at, whole);
    const again = lmdbStore({ path: at });
    expect((await again.load("s"))?.values.size).toBe(40);
    await again.close();
  });

  it.skipIf(process.platform === "win32")("P23: files are for their owner alone", async () => {
    const at = path();
    const store = lmdbStore({ path: at });
    expect([at, `${at}-lock`].map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(["600", "600"]);
    await store.close();
  });
});
