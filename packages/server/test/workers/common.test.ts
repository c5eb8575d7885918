// The store and the bus that workers have in common, over real sockets: the suites of the ports.
import { rmSync } from "node:fs";
import { memoryStore } from "@vango/persist";
import { busConformance, storeConformance } from "@vango/persist/testing";
import { afterAll, describe, expect, it } from "vitest";
import { CommonHost } from "../../src/workers/common-host.js";
import { CommonLink } from "../../src/workers/common-link.js";
import { makeSocketFolder } from "../../src/workers/socket-folder.js";

const folders: string[] = [];
const meeting = () => {
  const folder = makeSocketFolder();
  folders.push(folder);
  return { folder, token: "the-token" };
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe("the workers' store", () => {
  const hosts: CommonHost[] = [];
  afterAll(() => Promise.all(hosts.map((host) => host.peers.close(1))));
  const cases = storeConformance(
    async (options) => {
      const meet = meeting();
      const host = new CommonHost(meet, memoryStore(options));
      hosts.push(host);
      await host.listen();
      return new CommonLink(meet).store;
    },
    { runs: 20 },
  );
  for (const { title, run } of cases) it(`W15: ${title}`, { timeout: 60_000 }, run);

  it("W15: what one worker wrote the next one reads, and a worker that is done takes nothing with it", async () => {
    const meet = meeting();
    const host = new CommonHost(meet);
    hosts.push(host);
    await host.listen();
    const [a, b] = [new CommonLink(meet).store, new CommonLink(meet).store];
    const made = await a.create("session", { owner: "a", values: new Map([["k", Uint8Array.of(1, 2)]]) });
    await a.close();
    await expect(a.load("session")).rejects.toMatchObject({ kind: "storage" });
    expect(await b.load("session")).toMatchObject({ owner: "a", values: new Map([["k", Uint8Array.of(1, 2)]]) });
    expect(await b.claim("session", { owner: "b" })).toMatchObject({ ok: true, record: { epoch: made.ok ? made.epoch + 1 : 0 } });
    expect(b.survives).toBe("process");
  });

  it("W15: a supervisor that is not there is a failure of the store", async () => {
    const store = new CommonLink(meeting()).store;
    await expect(store.load("session")).rejects.toMatchObject({ kind: "storage" });
    await expect(store.commit("session", 1, new Map([["k", (() => 1) as unknown as Uint8Array]]))).rejects.toMatchObject({ kind: "codec" });
  });
});

describe("the workers' bus", async () => {
  const meet = meeting();
  const host = new CommonHost(meet);
  await host.listen();
  afterAll(() => host.peers.close(1));
  for (const { title, run } of busConformance(() => new CommonLink(meet).bus)) it(`W15: ${title}`, run);

  it("W15: a link that was lost is made again, and its listeners are told that they may have missed something", async () => {
    const own = meeting();
    let there = new CommonHost(own);
    await there.listen();
    const { bus } = new CommonLink(own);
    const heard: string[] = [];
    const missed = new Promise<void>((resolve) => void bus.subscribe("news", (text) => void heard.push(text), resolve));
    await bus.publish("news", "one");
    const second = new Promise<void>((resolve) => void bus.subscribe("news", () => resolve()));
    await bus.publish("news", "two");
    await second;
    await there.peers.close(1);
    there = new CommonHost(own);
    await there.listen();
    await missed;
    const third = new Promise<void>((resolve) => void bus.subscribe("news", () => resolve()));
    await new CommonLink(own).bus.publish("news", "three");
    await third;
    expect(heard).toEqual(["one", "two", "three"]);
    await there.peers.close(1);
  });
});
