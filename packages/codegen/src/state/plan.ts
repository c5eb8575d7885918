// The plan of a deploy: what the sources change in the persisted state of a baseline, in both directions, and whether someone has
// accepted it. Shape: VangoPlan of contract.d.ts.
import { judgeEntries, type BaselineEntry, type StateVersion } from "./compat/entries.js";
import type { StateChange } from "./compat/change.js";
import { sameVersion, typeOf, type ColdAck, type ManifestEntry, type RemovedEntry, type StateArtifacts, type VersionRef } from "./artifacts/model.js";
import type { StateEntry } from "./state-entry.js";

/** `vango state plan --json`. */
export interface VangoPlan {
  readonly version: 1;
  /** What was compared with, in words. */
  readonly baseline: string;
  readonly schemaImpact: {
    readonly classification: "warm_deploy" | "cold_deploy";
    /** Some values are let go or cut. */
    readonly lossy: boolean;
    readonly rollback: "warm_rollback" | "cold_rollback";
    /** `vango_cold_deploy_ack.json` names every cold change. */
    readonly acknowledged: boolean;
  };
  readonly changes: readonly StateChange[];
}

/** What a plan is made of. */
export interface PlanInput {
  readonly baseline: string;
  readonly before: StateArtifacts;
  /** Where an entry of the baseline stands. */
  readonly place: (entry: ManifestEntry | RemovedEntry) => { readonly file: string; readonly line: number };
  /** Versions that a store may still hold; undefined: any that was recorded. */
  readonly live: readonly VersionRef[] | undefined;
  /** As the sources declare them, with their former keys. */
  readonly entries: readonly StateEntry[];
  /** Fingerprint of the sources. */
  readonly fingerprint: string;
  readonly ack: ColdAck | undefined;
}

export function makePlan({ baseline, before, place, live, entries, fingerprint, ack }: PlanInput): VangoPlan {
  const isLive = (version: VersionRef): boolean => live === undefined || live.some((one) => sameVersion(one, version));
  const versions = (refs: readonly VersionRef[]): readonly StateVersion[] => refs.filter(isLive).flatMap((ref) => {
    const type = typeOf(before, ref);
    return type === undefined ? [] : [{ ...ref, type }];
  });
  const old = before.manifest.entries.flatMap((entry): BaselineEntry[] => {
    const type = typeOf(before, entry);
    return type === undefined ? [] : [{ ...entry, type, earlier: versions(entry.previous), ...place(entry) }];
  });
  // a key that went some time ago: sessions that are old enough still have it
  const declared = new Set(entries.map(({ kind, key }) => `${kind}:${key}`));
  const gone = before.manifest.removed.filter(({ kind, key }) => !declared.has(`${kind}:${key}`)).flatMap((entry): BaselineEntry[] => {
    const last = versions(entry.previous).at(-1);
    return last === undefined ? [] : [{ kind: entry.kind, key: entry.key, module: "", aliases: [], ...last, ...place(entry) }];
  });
  const wasGone = new Set(gone.map(({ kind, key }) => `${kind}:${key}`));
  const changes = judgeEntries([...old, ...gone], entries).map((change) => (wasGone.has(`${change.kind}:${change.key}`) ? { ...change, rollback: "warm" as const } : change));
  const cold = changes.filter(({ deploy }) => deploy === "cold");
  return {
    version: 1,
    baseline,
    schemaImpact: {
      classification: cold.length > 0 ? "cold_deploy" : "warm_deploy",
      lossy: changes.some(({ deploy }) => deploy === "warm-with-loss"),
      rollback: changes.some(({ rollback }) => rollback === "cold") ? "cold_rollback" : "warm_rollback",
      acknowledged: cold.length > 0 && ack !== undefined && ack.to === fingerprint && cold.every((change) => ack.changes.includes(changeText(change))),
    },
    changes,
  };
}

/** A change as an acknowledgement names it. */
export function changeText({ rule, kind, key, path }: Pick<StateChange, "rule" | "kind" | "key" | "path">): string {
  return `${rule} ${kind}:${key}${path === "" ? "" : ` ${path}`}`;
}

/**
 * The acknowledgement of a plan's cold changes. What was accepted on the way to the baseline is kept, so that a branch with
 * several of them is acknowledged as a whole.
 */
export function acknowledge(plan: VangoPlan, before: string, to: string, old: ColdAck | undefined, entries: readonly StateEntry[]): ColdAck | undefined {
  const carried = old?.to === before ? old : undefined;
  const declared = entries.map(({ kind, key }) => `${kind}:${key}`);
  const kept = (carried?.changes ?? []).filter((text) => !text.startsWith("key-removed") || !declared.some((name) => text.endsWith(` ${name}`)));
  const cold = plan.changes.filter(({ deploy }) => deploy === "cold").map(changeText);
  const changes = [...new Set([...kept, ...cold])].sort();
  return changes.length === 0 ? undefined : { version: 1, from: carried?.from ?? before, to, changes };
}

/** 0 fine or warm, 2 cold and not accepted (with `strict` also a cold rollback). */
export function exitCodeOf({ schemaImpact, changes }: VangoPlan, strict: boolean): 0 | 2 {
  if (schemaImpact.classification === "cold_deploy" && !schemaImpact.acknowledged) return 2;
  return strict && changes.some(({ rollback }) => rollback === "cold") ? 2 : 0;
}
