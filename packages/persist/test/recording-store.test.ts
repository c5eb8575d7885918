// recordingStore is the store it was given, and shows what is read.
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { memoryStore, recordingStore, type Recording } from "../src/index.js";
import { storeConformance } from "../src/testing.js";

describe("recordingStore", () => {
  for (const { title, run } of storeConformance((options) => recordingStore(memoryStore(options), { write: () => undefined }), { runs: 50 })) it(title, run);

  it("P27: shows one in so many records that are read, from the first, and none without values", async () => {
    const shown: Recording[] = [];
    const store = recordingStore(memoryStore(), { every: 3, write: (recording) => shown.push(recording) });
    await store.create("empty", { owner: "w" });
    for (const id of ["a", "b", "c", "d", "e"]) await store.create(id, { owner: "w", values: new Map([["shared:cart", new TextEncoder().encode(`of ${id}`)]]) });
    for (const id of ["empty", "a", "b", "missing", "c", "empty", "d", "e"]) await store.load(id);
    expect(shown).toEqual([
      { record: "a", values: { "shared:cart": Buffer.from("of a").toString("base64") } },
      { record: "d", values: { "shared:cart": Buffer.from("of d").toString("base64") } },
    ]);
    expect(store).toMatchObject({ name: "memory", survives: "nothing" });
  });

  it("P27: what its taker throws is a warning; the record is there", async () => {
    const store = recordingStore(memoryStore(), { write: () => { throw new Error("disk full"); } });
    await store.create("a", { owner: "w", values: new Map([["k", new Uint8Array(1)]]) });
    const warned = once(process, "warning");
    expect(await store.load("a")).toMatchObject({ owner: "w" });
    expect((await warned)[0]).toMatchObject({ message: "recordingStore: a recording was not taken: disk full" });
  });
});
