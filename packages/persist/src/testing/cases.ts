// The conformance cases that are single stories, one a rule of SPEC.md.
import type { SessionStore } from "../store.js";
import { equal, rejects } from "./assert.js";
import { BUDGETS, LIFETIME_MS, bytes, filled, made, values, withStore, type ConformanceCase, type OpenStore, type TestClock } from "./harness.js";

type Body = (store: SessionStore, clock: TestClock) => Promise<void>;

const FENCED = { ok: false, reason: "fenced" };
const MISSING = { ok: false, reason: "missing" };

const STORIES: readonly (readonly [title: string, body: Body])[] = [
  [
    "P1: create makes a record at a high epoch that load gives back",
    async (store, clock) => {
      const result = await store.create("s", { owner: "w1", values: values({ "größe": bytes(1, 2, 3) }), meta: bytes(9) });
      if (!result.ok) throw new Error("create refused");
      equal(Number.isSafeInteger(result.epoch) && result.epoch >= 2 ** 40, true, "safe high epoch");
      equal(result.size, 10, "size: 7 bytes of key and 3 of value");
      equal(
        await store.load("s"),
        { epoch: result.epoch, owner: "w1", values: values({ "größe": bytes(1, 2, 3) }), meta: bytes(9), size: 10, touchedAt: clock.now() },
        "loaded",
      );
    },
  ],
  [
    "P1: create refuses an id that exists and changes nothing",
    async (store) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      equal(await store.create("s", { owner: "w2", values: values({ a: bytes(2) }) }), { ok: false, reason: "exists" }, "second create");
      const record = await store.load("s");
      equal([record?.epoch, record?.owner, record?.values.get("a")], [epoch, "w1", bytes(1)], "record");
    },
  ],
  [
    "P2: a commit sets and removes keys, keeps the rest, and replaces meta only when given",
    async (store) => {
      const epoch = await made(store, "s", values({ a: bytes(1), b: bytes(2), c: bytes(3) }));
      equal(await store.commit("s", epoch, new Map([["a", bytes(7, 7)], ["b", null], ["zz", bytes()]]), bytes(5)), { ok: true, size: 7 }, "first");
      equal(await store.commit("s", epoch, new Map([["none", null]])), { ok: true, size: 7 }, "removing an absent key");
      const record = await store.load("s");
      equal(record?.values, values({ a: bytes(7, 7), c: bytes(3), zz: bytes() }), "values");
      equal([record?.meta, record?.size, record?.epoch], [bytes(5), 7, epoch], "meta, size, epoch");
    },
  ],
  [
    "P2: every byte value and an empty value come back unchanged",
    async (store) => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      const epoch = await made(store, "s", values({ all }));
      await store.commit("s", epoch, new Map([["empty", bytes()]]), all);
      const record = await store.load("s");
      equal(record?.values, values({ all, empty: bytes() }), "values");
      equal(record?.meta, all, "meta");
    },
  ],
  [
    "P3: a commit without a record is missing and makes none",
    async (store) => {
      equal(await store.commit("s", 2 ** 41, new Map([["a", bytes(1)]])), MISSING, "commit");
      equal(await store.load("s"), null, "load");
    },
  ],
  [
    "P3: a commit, touch, release or delete at another epoch is fenced and changes nothing",
    async (store, clock) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      const before = await store.load("s");
      clock.advance(1000);
      for (const wrong of [epoch - 1, epoch + 1, 0]) {
        equal(await store.commit("s", wrong, new Map([["a", bytes(2)], ["b", bytes(2)]]), bytes(3)), FENCED, "commit");
        equal(await store.touch("s", wrong), FENCED, "touch");
        equal(await store.release("s", wrong), FENCED, "release");
        equal(await store.delete("s", wrong), FENCED, "delete");
      }
      equal(await store.load("s"), before, "record");
    },
  ],
  [
    "P4: a claim raises the epoch by one, keeps the values and fences the former owner",
    async (store) => {
      const first = await made(store, "s", values({ a: bytes(1) }));
      await store.commit("s", first, new Map([["a", bytes(2)]]), bytes(4));
      const claim = await store.claim("s", { owner: "w2" });
      if (!claim.ok) throw new Error("claim refused");
      equal([claim.record.epoch, claim.record.owner, claim.record.values, claim.record.meta], [first + 1, "w2", values({ a: bytes(2) }), bytes(4)], "claimed");
      equal(await store.commit("s", first, new Map([["a", bytes(3)]])), FENCED, "former owner");
      equal(await store.commit("s", claim.record.epoch, new Map([["a", bytes(5)]])), { ok: true, size: 2 }, "new owner");
      equal((await store.load("s"))?.values.get("a"), bytes(5), "value");
    },
  ],
  [
    "P4: of two conditional claims at one epoch, one wins",
    async (store) => {
      const epoch = await made(store, "s");
      const results = await Promise.all([store.claim("s", { owner: "w2", ifEpoch: epoch }), store.claim("s", { owner: "w3", ifEpoch: epoch })]);
      equal(results.filter((result) => result.ok).length, 1, "winners");
      equal(results.find((result) => !result.ok), FENCED, "loser");
      equal((await store.load("s"))?.epoch, epoch + 1, "epoch");
    },
  ],
  [
    "P4: a claim of no record is missing",
    async (store) => {
      equal(await store.claim("s", { owner: "w2" }), MISSING, "claim");
    },
  ],
  [
    "P4: release clears the owner and keeps the epoch, so the same owner may still write",
    async (store) => {
      const epoch = await made(store, "s");
      equal(await store.release("s", epoch), { ok: true }, "release");
      const record = await store.load("s");
      equal([record?.owner, record?.epoch], ["", epoch], "record");
      equal(await store.commit("s", epoch, new Map([["a", bytes(1)]])), { ok: true, size: 2 }, "commit");
    },
  ],
  [
    "P5: a record that was deleted and made again does not admit its former owner",
    async (store) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      equal(await store.delete("s", epoch), { ok: true }, "delete");
      equal(await store.load("s"), null, "load");
      equal(await store.delete("s", epoch), MISSING, "second delete");
      const again = await made(store, "s");
      equal(again === epoch, false, "the epochs differ");
      equal(await store.commit("s", epoch, new Map([["a", bytes(2)]])), FENCED, "former owner");
      equal((await store.load("s"))?.values, new Map(), "values");
    },
  ],
  [
    "P6: a record expires when its life since the last touch is over, swept or not",
    async (store, clock) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      clock.advance(LIFETIME_MS - 1);
      equal(await store.touch("s", epoch), { ok: true }, "touch in time");
      clock.advance(LIFETIME_MS - 1);
      equal((await store.load("s"))?.values.get("a"), bytes(1), "alive");
      equal(await store.commit("s", epoch, new Map()), { ok: true, size: 2 }, "an empty commit is a touch");
      clock.advance(LIFETIME_MS);
      equal(await store.load("s"), null, "load");
      equal(await store.commit("s", epoch, new Map([["a", bytes(2)]])), MISSING, "commit");
      equal(await store.touch("s", epoch), MISSING, "touch");
      equal(await store.release("s", epoch), MISSING, "release");
      equal(await store.delete("s", epoch), MISSING, "delete");
      equal(await store.claim("s", { owner: "w2" }), MISSING, "claim");
      const again = await made(store, "s");
      equal((await store.load("s"))?.values, new Map(), "made again, empty");
      equal(again === epoch, false, "new epoch");
    },
  ],
  [
    "P6: load does not extend the life",
    async (store, clock) => {
      await made(store, "s");
      clock.advance(LIFETIME_MS - 1);
      await store.load("s");
      clock.advance(1);
      equal(await store.load("s"), null, "load");
    },
  ],
  [
    "P7: a sweep removes expired records only, at most its limit, and says if more are left",
    async (store, clock) => {
      for (const id of ["a", "b", "c"]) await made(store, id, values({ k: bytes(1) }));
      clock.advance(LIFETIME_MS - 10);
      const epoch = await made(store, "young", values({ k: bytes(1, 2) }));
      equal(await store.sweep(), { removed: 0, more: false }, "nothing expired");
      equal(await store.stats(), { sessions: 4, bytes: 9 }, "before");
      clock.advance(10);
      equal(await store.sweep(2), { removed: 2, more: true }, "first batch");
      equal(await store.sweep(2), { removed: 1, more: false }, "second batch");
      equal(await store.stats(), { sessions: 1, bytes: 3 }, "after");
      equal(await store.commit("young", epoch, new Map()), { ok: true, size: 3 }, "the young record lives");
    },
  ],
  [
    "P8: a value over its budget refuses the whole commit, with key, size and limit",
    async (store) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      const error = await rejects(() => store.commit("s", epoch, new Map([["a", bytes(2)], ["big", filled(BUDGETS.valueBytes + 1)]]), bytes(1)), "value-budget", "commit");
      equal([error.key, error.size, error.limit], ["big", BUDGETS.valueBytes + 1, BUDGETS.valueBytes], "error");
      const record = await store.load("s");
      equal([record?.values, record?.meta], [values({ a: bytes(1) }), bytes()], "record");
      equal(await store.commit("s", epoch, new Map([["big", filled(BUDGETS.valueBytes)]])), { ok: true, size: 2 + 3 + BUDGETS.valueBytes }, "at the limit");
      await rejects(() => store.create("t", { owner: "w", values: values({ big: filled(BUDGETS.valueBytes + 1) }) }), "value-budget", "create");
      equal(await store.load("t"), null, "not made");
    },
  ],
  [
    "P8: a session over its budget refuses the whole commit; shrinking in the same commit is counted",
    async (store) => {
      const epoch = await made(store, "s", values({ a: filled(999), b: filled(999) }));
      const error = await rejects(() => store.commit("s", epoch, new Map([["x", bytes(1)], ["c", filled(999)]])), "session-budget", "commit");
      equal([error.size, error.limit], [3002, BUDGETS.sessionBytes], "error");
      equal((await store.load("s"))?.size, 2000, "size kept");
      equal(await store.commit("s", epoch, new Map<string, Uint8Array | null>([["c", filled(999)], ["a", null]])), { ok: true, size: 2000 }, "swap");
      await rejects(() => store.create("t", { owner: "w", values: values({ a: filled(999), b: filled(999), c: filled(999) }) }), "session-budget", "create");
      equal(await store.load("t"), null, "not made");
    },
  ],
  [
    "P8: a fenced or missing commit is refused before its session budget is looked at",
    async (store) => {
      const epoch = await made(store, "s", values({ a: filled(999), b: filled(999) }));
      equal(await store.commit("s", epoch + 1, new Map([["c", filled(999)]])), FENCED, "fenced");
      equal(await store.commit("t", epoch, new Map([["c", filled(999)], ["d", filled(999)], ["e", filled(999)]])), MISSING, "missing");
    },
  ],
  [
    "P9: names that some store could not hold are refused by all",
    async (store) => {
      for (const name of ["", "a\u0000b", "a\nb", "\ud800", "é".repeat(129)]) {
        await rejects(() => store.create(name, { owner: "w" }), "codec", "id");
        await rejects(() => store.create("s", { owner: name }), "codec", "owner");
        await rejects(() => store.create("s", { owner: "w", values: new Map([[name, bytes(1)]]) }), "codec", "key");
        await rejects(() => store.load(name), "codec", "load");
      }
      equal((await store.stats()).sessions, 0, "nothing was made");
    },
  ],
  [
    "P9: ids and keys of 256 bytes, with prototype names and any script, are kept apart",
    async (store) => {
      const names = ["__proto__", "constructor", "toString", "a:b", "a/b", "a*b", "a%00b", "%", "日本語", "😀", "é".repeat(128), "x".repeat(256), " ", "A", "a"];
      for (const [index, name] of names.entries()) await made(store, name, new Map(names.map((key, at) => [key, bytes(index, at)])));
      equal((await store.stats()).sessions, names.length, "sessions");
      for (const [index, name] of names.entries()) {
        equal((await store.load(name))?.values, new Map(names.map((key, at) => [key, bytes(index, at)])), name);
      }
    },
  ],
  [
    "P10: bytes are copied in and out",
    async (store) => {
      const value = bytes(1, 1);
      const meta = bytes(2, 2);
      const created = await store.create("s", { owner: "w", values: new Map([["a", value]]), meta });
      if (!created.ok) throw new Error("create refused");
      value[0] = 99;
      meta[0] = 99;
      const changes = new Map([["b", bytes(3, 3)]]);
      await store.commit("s", created.epoch, changes);
      (changes.get("b") as Uint8Array)[0] = 99;
      const out = await store.load("s");
      if (out === null) throw new Error("load gave nothing");
      out.values.get("a")?.fill(99);
      out.meta.fill(99);
      (out.values as Map<string, Uint8Array>).delete("b");
      const record = await store.load("s");
      equal([record?.values, record?.meta], [values({ a: bytes(1, 1), b: bytes(3, 3) }), bytes(2, 2)], "record");
    },
  ],
  [
    "P10: one part of a larger buffer is stored as that part",
    async (store) => {
      const large = bytes(0, 1, 2, 3, 4, 5);
      const epoch = await made(store, "s", values({ a: large.subarray(2, 4) }));
      await store.commit("s", epoch, new Map([["b", Buffer.from(large).subarray(1, 3)]]));
      equal((await store.load("s"))?.values, values({ a: bytes(2, 3), b: bytes(1, 2) }), "values");
    },
  ],
  [
    "P20: an exchange commits and raises the epoch by one; of two at one epoch, one wins and nothing of the other is written",
    async (store) => {
      const epoch = await made(store, "s", values({ a: bytes(1) }));
      const tries = [2, 3].map((n) => store.exchange("s", epoch, new Map([["a", bytes(n)], [`by${n}`, bytes(n)]]), bytes(n)));
      const results = await Promise.all(tries);
      const winner = results.findIndex((result) => result.ok) + 2;
      equal(results.find((result) => result.ok), { ok: true, epoch: epoch + 1, size: 6 }, "winner");
      equal(results.find((result) => !result.ok), FENCED, "loser");
      const record = await store.load("s");
      equal(record?.values, values({ a: bytes(winner), [`by${winner}`]: bytes(winner) }), "values");
      equal([record?.meta, record?.epoch, record?.owner], [bytes(winner), epoch + 1, "w1"], "meta, epoch, owner");
      equal(await store.commit("s", epoch, new Map()), FENCED, "the epoch before");
      equal(await store.exchange("none", epoch, new Map([["a", bytes(1)]])), MISSING, "missing");
      await rejects(() => store.exchange("s", epoch + 1, new Map([["b", filled(BUDGETS.valueBytes + 1)]])), "value-budget", "value budget");
      await rejects(() => store.exchange("s", epoch + 1, new Map([["b", filled(999)], ["c", filled(999)], ["d", filled(999)]])), "session-budget", "session budget");
      equal((await store.load("s"))?.epoch, epoch + 1, "a refused exchange raises nothing");
    },
  ],
  [
    "P21: a record that is kept never expires, and sweeps pass it by",
    async (store, clock) => {
      const kept = await store.create("kept", { owner: "w", values: values({ a: bytes(1) }), keep: true });
      if (!kept.ok) throw new Error("create refused");
      await made(store, "other");
      clock.advance(LIFETIME_MS * 10);
      equal(await store.sweep(), { removed: 1, more: false }, "sweep");
      equal((await store.load("kept"))?.values, values({ a: bytes(1) }), "load");
      equal(await store.exchange("kept", kept.epoch, new Map([["a", bytes(2)]])), { ok: true, epoch: kept.epoch + 1, size: 2 }, "exchange");
      clock.advance(LIFETIME_MS * 10);
      const claim = await store.claim("kept", { owner: "w2" });
      equal(claim.ok, true, "claim");
      clock.advance(LIFETIME_MS * 10);
      equal(await store.touch("kept", kept.epoch + 2), { ok: true }, "touch");
      clock.advance(LIFETIME_MS * 10);
      equal(await store.create("kept", { owner: "w" }), { ok: false, reason: "exists" }, "create");
      equal(await store.sweep(), { removed: 0, more: false }, "sweep again");
    },
  ],
  [
    "P11: sessions do not touch each other",
    async (store) => {
      const one = await made(store, "one", values({ a: bytes(1) }));
      const two = await made(store, "two", values({ a: bytes(2) }));
      equal(await store.commit("one", two, new Map([["a", bytes(9)]])), FENCED, "the other's epoch");
      await store.commit("one", one, new Map([["a", bytes(3)]]));
      await store.claim("one", { owner: "w2" });
      equal((await store.load("two"))?.values.get("a"), bytes(2), "two");
      equal(await store.delete("two", two), { ok: true }, "delete two");
      equal((await store.load("one"))?.values.get("a"), bytes(3), "one");
    },
  ],
  [
    "P12: a closed store fails with kind storage",
    async (store) => {
      const epoch = await made(store, "s");
      await store.close();
      await rejects(() => store.load("s"), "storage", "load");
      await rejects(() => store.commit("s", epoch, new Map()), "storage", "commit");
      await rejects(() => store.create("t", { owner: "w" }), "storage", "create");
      await store.close();
    },
  ],
];

/** The single-story cases for a store. */
export function storyCases(open: OpenStore): readonly ConformanceCase[] {
  return STORIES.map(([title, body]) => ({ title, run: () => withStore(open, body) }));
}
