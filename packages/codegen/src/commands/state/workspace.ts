// What the commands of `vango state` work on: the sources' persisted state, the artifacts on disk, and a baseline to compare with.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { generatedText } from "../../generated-file.js";
import { readAck, readArtifacts, artifactTexts, type ReadArtifact } from "../../state/artifacts/files.js";
import { MANIFEST_FILE, SCHEMA_FILE, type ColdAck, type StateArtifacts } from "../../state/artifacts/model.js";
import { NO_ARTIFACTS, nextArtifacts } from "../../state/artifacts/next.js";
import { stateError } from "../../state/errors.js";
import { createExtractor, type Extraction, type Extractor } from "../../state/extract/extract.js";
import { commitOf, committedArtifacts, filesAt, liveVersions, type CommitFiles } from "../../state/git.js";
import { makePlan, type VangoPlan } from "../../state/plan.js";
import type { StateEntry } from "../../state/state-entry.js";

export interface StateWorkspace {
  readonly root: string;
  /** As the sources declare them, with their former keys. */
  readonly entries: readonly StateEntry[];
  /** What was committed last, or is on disk. */
  readonly before: StateArtifacts;
  /** The last commit, where `before` is of it. */
  readonly committed: CommitFiles | undefined;
  readonly ack: ColdAck | undefined;
  /** What should be on disk. */
  readonly next: StateArtifacts;
}

export function onDisk(root: string): ReadArtifact {
  return (name) => generatedText(join(root, name));
}

/**
 * What the last commit has, where git keeps the artifacts; else what is on disk. What was generated since, and never committed,
 * was never deployed. Renames count from when they are recorded. @throws VangoError `VANGO_STATE_ARTIFACT`
 */
function baseline(root: string): Pick<StateWorkspace, "before" | "committed"> {
  const disk = readArtifacts(onDisk(root));
  const committed = committedArtifacts(root);
  if (committed === undefined) return { before: disk ?? NO_ARTIFACTS, committed: undefined };
  const { artifacts } = committed;
  return { before: { ...artifacts, manifest: { ...artifacts.manifest, aliases: disk?.manifest.aliases ?? artifacts.manifest.aliases } }, committed };
}

/** @throws VangoError `VANGO_STATE_ARTIFACT` */
export function workspaceOf(root: string, { entries }: Extraction): StateWorkspace {
  const { before, committed } = baseline(root);
  const next = nextArtifacts(entries, before);
  const aliases = new Map(next.manifest.entries.map((entry) => [`${entry.kind}:${entry.key}`, entry.aliases]));
  return {
    root,
    entries: entries.map((entry) => ({ ...entry, aliases: aliases.get(`${entry.kind}:${entry.key}`) ?? [] })),
    before, committed, next,
    ack: readAck(onDisk(root)),
  };
}

let last: { readonly root: string; readonly extractor: Extractor } | undefined;

/** What the sources declare now. One command after another on an app pays for what changed. @throws VangoError `VANGO_STATE_TSCONFIG` */
export async function extractState(root: string): Promise<Extraction> {
  if (last?.root !== root) last = { root, extractor: await createExtractor(root) };
  return last.extractor.extract();
}

/** Names of the artifacts on disk that are not as they should be. An app without persisted state needs none. */
export function staleFiles({ root, next, before }: StateWorkspace): readonly string[] {
  const read = onDisk(root);
  if (next.manifest.entries.length === 0 && before === NO_ARTIFACTS && read(MANIFEST_FILE) === undefined) return [];
  return Object.entries(artifactTexts(next)).filter(([name, text]) => read(name) !== text).map(([name]) => name);
}

/** `against`: a commit's name or a folder; undefined: those of the last commit, without one those on disk. @throws VangoError `VANGO_STATE_BASELINE` */
export function planOf(workspace: StateWorkspace, against?: string): VangoPlan {
  const { entries, next, ack } = workspace;
  const { name, read, live } = baselineOf(workspace, against);
  const before = against === undefined ? workspace.before : (readArtifacts(read) ?? NO_ARTIFACTS);
  const lines = (read(MANIFEST_FILE) ?? "").split("\n");
  const place = ({ kind, key }: { readonly kind: string; readonly key: string }): { readonly file: string; readonly line: number } => {
    const at = lines.findIndex((line) => line.includes(`"kind": "${kind}"`) && line.includes(`"key": ${JSON.stringify(key)}`));
    const alone = at === -1 ? lines.findIndex((line, i) => line.includes(`"key": ${JSON.stringify(key)}`) && (lines[i - 1] ?? "").includes(`"kind": "${kind}"`)) : at;
    return { file: MANIFEST_FILE, line: alone + 1 || 1 };
  };
  return makePlan({ baseline: name, before, place, live, entries, fingerprint: next.schemas.fingerprint, ack });
}

function baselineOf({ root, committed }: StateWorkspace, against: string | undefined): { readonly name: string; readonly read: ReadArtifact; readonly live: ReturnType<typeof liveVersions> } {
  if (against === undefined) {
    const read = committed?.read ?? onDisk(root);
    const name = committed !== undefined ? "the committed artifacts" : "the artifacts on disk, which no commit has";
    return { name: read(SCHEMA_FILE) === undefined ? "nothing: there are no artifacts yet" : name, read, live: liveVersions(root, committed ?? { commit: "HEAD", read: filesAt(root, "HEAD") }) };
  }
  const folder = [resolve(against), resolve(root, against)].find((path) => existsSync(path)) ?? resolve(against);
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    if (!existsSync(join(folder, MANIFEST_FILE))) throw stateError("VANGO_STATE_BASELINE", { message: `There is no ${MANIFEST_FILE} in ${against}.` });
    return { name: against, read: onDisk(folder), live: undefined };
  }
  const commit = commitOf(root, against);
  if (commit === undefined) throw stateError("VANGO_STATE_BASELINE", { message: `\`${against}\` is neither a folder nor a commit that git knows.` });
  const read = filesAt(root, commit);
  return { name: `${against} (${commit.slice(0, 10)})`, read, live: liveVersions(root, { commit, read }) };
}
