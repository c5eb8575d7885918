// The other process of lmdb-opening.test.ts: opens the database and closes it, again and again.
// argv: path, times, own ("write": it writes once in between)
import { argv, pid } from "node:process";
import { lmdbStore } from "../src/lmdb.ts";

const [path, times, own] = argv.slice(2);
for (let n = 0; n < Number(times); n++) {
  const store = lmdbStore({ path });
  if (own === "write") {
    const made = await store.create(`opener-${pid}-${n}`, { owner: "o" });
    if (!made.ok) throw new Error(made.reason);
  }
  await store.close();
}
