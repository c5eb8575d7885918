// The other process of lmdb-environment.test.ts that may not write large files: makes records until the file may not grow any more,
// and some more. Then tells what was acknowledged and is gone, what was told of the others, and whether a small write goes on.
// argv: path
import { argv, stdout } from "node:process";
import { lmdbStore } from "../src/lmdb.ts";

const REFUSED = 8;
const store = lmdbStore({ path: argv[2] });
const acknowledged = [];
const refused = [];
for (let n = 0; refused.length < REFUSED; n += 2) {
  // Two at once, so that they share a transaction.
  const results = await Promise.allSettled([n, n + 1].map((i) => store.create(`s${i}`, { owner: "w", values: new Map([["k", new Uint8Array(20_000)]]) })));
  results.forEach((result, i) => {
    if (result.status === "fulfilled") acknowledged.push(`s${n + i}`);
    else refused.push(`${result.reason.kind}: ${result.reason.message}`);
  });
}
const gone = [];
for (const id of acknowledged) if ((await store.load(id)) === null) gone.push(id);
const { sessions } = await store.stats();
await store.close();
const again = lmdbStore({ path: argv[2] });
const kept = (await again.stats()).sessions;
await again.close();
stdout.write(JSON.stringify({ acknowledged: acknowledged.length, refused: [...new Set(refused)], gone, sessions, kept }));
