// The other process of lmdb-environment.test.ts: opens the database and closes it, again and again.
// argv: path, times, own ("write": it writes once in between), start (each time another file, at that moment and every 20 ms)
import { argv, pid } from "node:process";
import { setTimeout } from "node:timers/promises";
import { lmdbStore } from "../src/lmdb.ts";

const BETWEEN_MS = 20;
const [path, times, own, start] = argv.slice(2);
for (let n = 0; n < Number(times); n++) {
  if (start !== undefined) {
    const at = Number(start) + n * BETWEEN_MS;
    await setTimeout(Math.max(0, at - Date.now() - 2));
    while (Date.now() < at);
  }
  const store = lmdbStore({ path: start === undefined ? path : `${path}${n}` });
  if (own === "write") {
    const made = await store.create(`opener-${pid}-${n}`, { owner: "o" });
    if (!made.ok) throw new Error(made.reason);
  }
  await store.close();
}
