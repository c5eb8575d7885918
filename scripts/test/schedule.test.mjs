// The scheduler: order, cores, and refusal of plans that cannot end.
import { expect, it } from "vitest";
import { schedule } from "./schedule.mjs";

/** @param {string[]} log @param {string} name @param {Partial<import("./schedule.mjs").Job>} [more] @returns {import("./schedule.mjs").Job} */
function job(log, name, more = {}) {
  return { name, ...more, async run() {
    log.push(`+${name}`);
    await new Promise(setImmediate);
    log.push(`-${name}`);
  } };
}

it("a job waits for those it names", async () => {
  /** @type {string[]} */
  const log = [];
  await schedule([job(log, "b", { after: ["a"] }), job(log, "a")], 2);
  expect(log).toEqual(["+a", "-a", "+b", "-b"]);
});

it("no more cores are taken than there are, and a wide job runs alone", async () => {
  /** @type {string[]} */
  const log = [];
  await schedule([job(log, "wide", { cores: 8 }), job(log, "a"), job(log, "b"), job(log, "c")], 2);
  expect(log.slice(0, 4)).toEqual(["+wide", "-wide", "+a", "+b"]);
  expect(log.slice(4)).toEqual(["-a", "+c", "-b", "-c"]);
});

it("a job without cores runs beside a full house", async () => {
  /** @type {string[]} */
  const log = [];
  await schedule([job(log, "wide", { cores: 2 }), job(log, "fetch", { cores: 0 })], 2);
  expect(log.slice(0, 2)).toEqual(["+wide", "+fetch"]);
});

it("unknown names, equal names and circles are refused", async () => {
  await expect(schedule([job([], "a", { after: ["x"] })], 1)).rejects.toThrow("does not exist");
  await expect(schedule([job([], "a"), job([], "a")], 1)).rejects.toThrow("unique");
  await expect(schedule([job([], "a", { after: ["b"] }), job([], "b", { after: ["a"] })], 1)).rejects.toThrow("wait for each other");
});

it("a job that throws ends the run with its error", async () => {
  await expect(schedule([{ name: "a", run: () => Promise.reject(new Error("boom")) }], 1)).rejects.toThrow("boom");
});
