// The process that kill.test.ts kills: takes its sessions over and writes them as fast as it can. Each line on stdout says what
// the store has acknowledged, written synchronously so that none is lost with the process.
// argv: store, address, ids joined by commas
import { writeSync } from "node:fs";
import { argv } from "node:process";

const [, , kind, address, ids] = argv;

async function open() {
  switch (kind) {
    case "lmdb":
      return (await import("@vango/persist/lmdb")).lmdbStore({ path: address });
    case "redis":
      return (await import("@vango/persist/redis")).redisStore({ url: address });
    case "postgres":
      return (await import("@vango/persist/postgres")).postgresStore({ url: address, connections: 4 });
    default:
      throw new Error(kind);
  }
}

const numberOf = (bytes) => (bytes === undefined ? 0 : Number(Buffer.from(bytes).toString()));
const store = await open();

async function session(id) {
  const made = await store.create(id, { owner: `w${process.pid}` });
  let epoch = made.ok ? made.epoch : undefined;
  let n = 0;
  if (epoch === undefined) {
    const claim = await store.claim(id, { owner: `w${process.pid}` });
    if (!claim.ok) throw new Error(claim.reason);
    epoch = claim.record.epoch;
    n = numberOf(claim.record.values.get("a"));
  }
  for (;;) {
    n++;
    const text = Buffer.from(String(n));
    // Two values, a third of changing size, one that comes and goes, and the meta: all or nothing.
    const changes = new Map([["a", text], ["b", text], ["pad", Buffer.alloc((n * 37) % 5000, n)], ["odd", n % 2 === 1 ? text : null]]);
    const result = await store.commit(id, epoch, changes, text);
    if (!result.ok) throw new Error(result.reason);
    writeSync(1, `${id} ${n}\n`);
  }
}

await Promise.all(ids.split(",").map(session));
