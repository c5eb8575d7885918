// The flags of the graph library are an ambient const enum, which cannot be imported; ours are copies.
import * as library from "alien-signals/system";
import { expect, it } from "vitest";
import { DIRTY, MUTABLE, NONE, PENDING, RECURSED, RECURSED_CHECK, WATCHING } from "../../src/reactive/system.js";

it("RX11: our copies of the graph's flags are the library's", () => {
  const theirs = Object.entries(library as object).find(([name]) => name === "ReactiveFlags")?.[1] as unknown as Record<string, number>;
  expect({ None: NONE, Mutable: MUTABLE, Watching: WATCHING, RecursedCheck: RECURSED_CHECK, Recursed: RECURSED, Dirty: DIRTY, Pending: PENDING }).toEqual(
    Object.fromEntries(Object.entries(theirs).filter(([name]) => Number.isNaN(Number(name)))),
  );
});
