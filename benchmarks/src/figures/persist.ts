// P1 and P2: what persisted state costs a write, and a page that comes back.
import { createHmac, hkdfSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobCodec, decodeValue, encodeValue } from "@vango/persist";
import { lmdbStore } from "@vango/persist/lmdb";
import { open } from "lmdb";
import { Packr } from "msgpackr";
import type { Context, Group } from "../lib/figure.js";
import { interleaveAsync } from "../lib/interleave-async.js";
import { renderBytes } from "../lib/live.js";
import type { Result } from "../lib/result.js";
import { median, ratioOf } from "../lib/stats.js";
import { StoredSessions } from "../lib/stored-sessions.js";
import { Kept, makeLines, shown } from "../pages/lines.js";

const SECRET = "benchmark-secret-of-sufficient-length";
const SCHEMA = { id: "app#Lines", hash: "0123456789abcdef", version: 1 };
const ID = "session-of-a-tab";
const META = ["browser-of-somebody", "", "/lists/7?sort=name", 1, 12, "nonce-of-the-document", "build", SCHEMA.hash];
/** Changed values by turns: 1.5 kB each. */
const VALUES = [0, 1].map((odd) => makeLines(19).map((line) => ({ ...line, count: line.count + odd })));
/** Commits under way at once, as write-behind has them. */
const AT_ONCE = 32;

/** Pages that come back one after the other. */
const PAGES = 20;

const us = (trials: readonly number[]): string => `${median(trials).toFixed(1)} us`;

async function write({ smoke }: Context): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "vango-bench-"));
  const store = lmdbStore({ path: join(folder, "ours.lmdb") });
  const codec = blobCodec({ secrets: [SECRET] });
  const made = await store.create(ID, { owner: "worker" });
  if (!made.ok) throw new Error(made.reason);
  // What is acknowledged is as safe as with ours: on the disk, its page of meta data excepted.
  const root = open<Buffer, string>({ path: join(folder, "hand.lmdb"), noSubdir: true, encoding: "binary", compression: false, maxDbs: 4, overlappingSync: false, noMetaSync: true });
  const heads = root.openDB<Buffer, Buffer>({ name: "heads", encoding: "binary", keyEncoding: "binary" });
  const values = root.openDB<Buffer, Buffer>({ name: "values", encoding: "binary", keyEncoding: "binary" });
  const [idKey, valueKey] = [Buffer.from(ID), Buffer.from(`${ID}\u0000shared:lines`)];
  await heads.put(idKey, Buffer.alloc(64));
  const packr = new Packr({ useRecords: true, moreTypes: true, useBigIntExtension: true });
  const key = Buffer.from(hkdfSync("sha256", SECRET, "bench", "sign", 32));
  const signed = (value: unknown): Buffer => {
    const bytes = packr.pack(value);
    return Buffer.concat([bytes, createHmac("sha256", key).update(ID).update(bytes).digest()]);
  };
  const valueOf = (n: number): unknown => VALUES[n % VALUES.length];
  const many = (times: number, one: (n: number) => Promise<unknown>) => async (): Promise<void> => {
    for (let at = 0; at < times; at += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => one(at + n)));
  };
  const ours = async (n: number): Promise<void> => {
    const blob = codec.seal(encodeValue(valueOf(n), "lines"), SCHEMA, `${ID}\nshared:lines`);
    const done = await store.commit(ID, made.epoch, new Map([["shared:lines", blob]]), codec.seal(encodeValue(META), SCHEMA, `${ID}\n`));
    if (!done.ok) throw new Error(done.reason);
  };
  const byHand = (n: number): Promise<unknown> => {
    const [blob, meta] = [signed(valueOf(n)), signed(META)];
    return root.transaction(() => {
      const head = heads.getBinary(idKey);
      if (head === undefined || head.readDoubleBE(0) !== 0) throw new Error("fenced");
      const size = values.getBinary(valueKey)?.length ?? 0;
      values.putSync(valueKey, blob);
      const next = Buffer.alloc(64 + meta.length);
      next.writeDoubleBE(Date.now(), 8);
      next.writeUInt32BE(size, 16);
      next.set(meta, 64);
      heads.putSync(idKey, next);
    });
  };
  try {
    const times = smoke ? AT_ONCE : AT_ONCE * 16;
    const figures = await interleaveAsync(
      [
        { name: "ours", run: many(times, ours) },
        { name: "hand", run: many(times, byHand) },
      ],
      smoke ? { trials: 3, slices: 2, times } : { trials: 5, slices: 12, times },
    );
    const size = encodeValue(VALUES[0]).length;
    return { id: "P1", what: `encoding and committing a changed value of ${size} B to lmdb`, baseline: "msgpackr, HMAC and the same transaction by hand", target: 1.5, ...ratioOf(figures.ours, figures.hand), detail: `${us(figures.ours)} / ${us(figures.hand)}` };
  } finally {
    await store.close();
    await root.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function resume({ smoke }: Context): Promise<Result> {
  const lines = encodeValue(makeLines());
  const state = {
    version: 1, fingerprint: SCHEMA.hash, removed: [],
    entries: [{ kind: "shared", key: "lines", schema: SCHEMA.id, hash: SCHEMA.hash, initial: () => [], check: () => undefined, aliases: [], previous: [], reads: [], readsWithLoss: [], migrates: [] }],
  };
  const sessions = new StoredSessions(Kept, state);
  let size = 0;
  for (let i = 0; i < PAGES; i++) size = await sessions.add();
  if (size < lines.length || size > lines.length + 200) throw new Error(`the session has ${size} B, its value ${lines.length} B`);
  const figures = await interleaveAsync(
    [
      {
        name: "ours",
        async run(times) {
          let ms = 0;
          for (let i = 0; i < times; i += PAGES) ms += await sessions.resumeAll();
          return ms;
        },
      },
      {
        name: "hand",
        async run(times) {
          for (let i = 0; i < times; i++) renderBytes(shown(decodeValue(lines) as ReturnType<typeof makeLines>));
        },
      },
    ],
    smoke ? { trials: 3, slices: 2, times: PAGES } : { trials: 5, slices: 12, times: PAGES * 2 },
  );
  return { id: "P2", what: `a page with ${(size / 1000).toFixed(0)} kB of state comes back from the store`, baseline: "unpacking it and the first render of the page", target: 1.5, ...ratioOf(figures.ours, figures.hand), detail: `${us(figures.ours)} / ${us(figures.hand)}` };
}

export const persist: Group = {
  name: "persist",
  ids: ["P1", "P2"],
  async run(context) {
    const results: Result[] = [];
    if (context.wants("P1")) results.push(await write(context));
    if (context.wants("P2")) results.push(await resume(context));
    return results;
  },
};
