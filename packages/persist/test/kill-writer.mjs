// The process of kill.test.ts: takes sessions over on all three stores and writes them as fast as it can, until it is killed. Each
// line on stdout says what a store has acknowledged, written synchronously so that none is lost with the process. It asks the
// kernel for `kill -9` of itself: from another process the signal comes thousands of writes late on a busy machine.
// argv: JSON { addresses, ids, chosen, acks, ticks }: killed when `chosen` has acknowledged `acks` writes and the others one,
// `ticks` turns of the event loop later
import { writeSync } from "node:fs";
import { argv, kill, pid } from "node:process";
import { lmdbStore } from "@vango/persist/lmdb";
import { postgresStore } from "@vango/persist/postgres";
import { redisStore } from "@vango/persist/redis";

const { addresses, ids, chosen, acks, ticks } = JSON.parse(argv[2]);
const stores = {
  lmdb: lmdbStore({ path: addresses.lmdb }),
  redis: redisStore({ url: addresses.redis }),
  postgres: postgresStore({ url: addresses.postgres, connections: 4 }),
};
const owner = `w${pid}`;
const acknowledged = { lmdb: 0, redis: 0, postgres: 0 };
/** Every so many commits a record is made that nobody touches again. */
const ONCE_IN = 4;
let ending = false;

/** The other writes are on their way, and each tick takes them further. */
function killSoon(ticks) {
  if (ticks === 0) kill(pid, "SIGKILL");
  else setImmediate(killSoon, ticks - 1);
}

/** The pipe is full while whoever reads it is busy. */
function say(line) {
  for (;;) {
    try {
      return writeSync(1, line);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

const numberOf = (bytes) => (bytes === undefined ? 0 : Number(Buffer.from(bytes).toString()));

async function session(kind, id) {
  const store = stores[kind];
  const made = await store.create(id, { owner });
  let epoch = made.ok ? made.epoch : undefined;
  let n = 0;
  if (epoch === undefined) {
    const claim = await store.claim(id, { owner });
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
    if (!result.ok) {
      // Nobody else has this session: what the store says of it tells who took it.
      const now = await store.load(id);
      throw new Error(`${result.reason}: ${kind} ${id} at ${n}, epoch ${epoch} of ${owner} (${made.ok ? "created" : "claimed"}); the store has ${numberOf(now?.values.get("a"))}, epoch ${now?.epoch} of ${now?.owner}`);
    }
    say(`${kind} ${id} ${n}\n`);
    acknowledged[kind]++;
    if (n % ONCE_IN === 0) {
      // Each value above is written over by the next: one that was lost in between would not be missed.
      const once = `${id}.${pid}.${n}`;
      const made = await store.create(once, { owner });
      if (!made.ok) throw new Error(`${made.reason}: ${kind} ${once}`);
      say(`${kind} ${once} 0\n`);
    }
    if (!ending && acknowledged[chosen] >= acks && Object.values(acknowledged).every((count) => count > 0)) {
      ending = true;
      killSoon(ticks);
    }
  }
}

// A rejection ends the process, and the test.
void Promise.all(Object.keys(stores).flatMap((kind) => ids.map((id) => session(kind, id))));
