// The property everything rests on: two owners never both write. Owners run at the same time against one record; each commit
// adds one to a counter it believes in. Whatever the interleaving, the owners' successful writes form one chain: no update
// is lost, and none of a former owner comes after a claim.
import fc from "fast-check";
import type { SessionStore } from "../store.js";
import { made } from "./harness.js";

/** One owner's plan: how many commits it makes after its claim, and whether it keeps two in flight. */
export interface OwnerPlan {
  readonly commits: number;
  readonly together: boolean;
}

export const ownerPlans: fc.Arbitrary<readonly OwnerPlan[]> = fc.array(fc.record({ commits: fc.integer({ min: 1, max: 5 }), together: fc.boolean() }), { minLength: 2, maxLength: 4 });

interface Write {
  readonly epoch: number;
  readonly count: number;
}

function encode(count: number): Uint8Array {
  return Uint8Array.of(count & 255, count >> 8);
}

function decode(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : (bytes[0] as number) + (bytes[1] as number) * 256;
}

/** Runs all owners at once; `turn` lets the caller order their steps. Throws when two owners have both written. */
export async function runRace(store: SessionStore, plans: readonly OwnerPlan[], turn: () => Promise<void>): Promise<void> {
  await made(store, "s", new Map([["n", encode(0)]]), "w0");
  const written: Write[] = [];
  const claimed: Write[] = [];
  await Promise.all(
    plans.map(async (plan, index) => {
      await turn();
      const claim = await store.claim("s", { owner: `w${index + 1}` });
      if (!claim.ok) throw new Error(`claim refused: ${claim.reason}`);
      const epoch = claim.record.epoch;
      let count = decode(claim.record.values.get("n"));
      claimed.push({ epoch, count });
      const flights: Promise<void>[] = [];
      for (let at = 0; at < plan.commits; at++) {
        const next = ++count;
        await turn();
        const flight = store.commit("s", epoch, new Map([["n", encode(next)], [`at${next}`, encode(index)]])).then((result) => {
          if (result.ok) written.push({ epoch, count: next });
        });
        flights.push(flight);
        if (!plan.together) await flight;
      }
      await Promise.all(flights);
    }),
  );
  const epochs = new Set(claimed.map((claim) => claim.epoch));
  if (epochs.size !== plans.length) throw new Error("two claims got one epoch");
  const chain = written.toSorted((a, b) => a.count - b.count);
  const record = await store.load("s");
  const last = decode(record?.values.get("n"));
  if (chain.length !== last) throw new Error(`${chain.length} acknowledged commits, but the counter says ${last}`);
  for (const [index, write] of chain.entries()) {
    if (write.count !== index + 1) throw new Error(`commit ${index + 1} was acknowledged to two owners or lost`);
    const before = chain[index - 1];
    if (before !== undefined && before.epoch > write.epoch) throw new Error("a fenced owner wrote after a claim");
  }
  for (const claim of claimed) {
    const seen = chain.filter((write) => write.epoch < claim.epoch).length;
    if (seen !== claim.count) throw new Error(`a claim saw ${claim.count} commits, but ${seen} were acknowledged to earlier owners`);
  }
}
