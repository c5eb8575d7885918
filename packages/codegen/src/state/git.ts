// What git knows of the artifacts: their text at a commit, and which versions were current within the lifetime of a session.
// Invariant: where git is missing, or its history is cut off, nothing is concluded from it.
import { execFileSync } from "node:child_process";
import { readArtifacts, type ReadArtifact } from "./artifacts/files.js";
import { MANIFEST_FILE, type StateArtifacts, type VersionRef } from "./artifacts/model.js";

/** A record lives so long after its last touch. */
export const SESSION_LIFETIME_HOURS = 24;

/** Runs git in a folder; undefined when it fails. */
function git(root: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", [...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 64 * 1024 * 1024 });
  } catch {
    return undefined;
  }
}

/** The commit that a name stands for, in full. */
export function commitOf(root: string, ref: string): string | undefined {
  // a name that begins with a dash would be an option
  return ref.startsWith("-") ? undefined : git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)?.trim();
}

/** Files of the app's root as they are in a commit; git is asked once for each. */
export function filesAt(root: string, commit: string): ReadArtifact {
  const texts = new Map<string, string | undefined>();
  return (name) => {
    if (!texts.has(name)) texts.set(name, git(root, "show", `${commit}:./${name}`)?.replaceAll("\r\n", "\n"));
    return texts.get(name);
  };
}

/** A commit's full name, and its files. */
export interface CommitFiles {
  readonly commit: string;
  readonly read: ReadArtifact;
}

/** The artifacts of the last commit; undefined when it has none, or broken ones. */
export function committedArtifacts(root: string): (CommitFiles & { readonly artifacts: StateArtifacts }) | undefined {
  const commit = commitOf(root, "HEAD");
  if (commit === undefined) return undefined;
  const read = filesAt(root, commit);
  const artifacts = readSafely(read);
  return artifacts === undefined ? undefined : { commit, read, artifacts };
}

/**
 * Versions that were current at a commit or at most 24 hours before it was made the state of things: one that was replaced
 * earlier can be in no store. Undefined: git does not know.
 */
export function liveVersions(root: string, { commit, read }: CommitFiles): readonly VersionRef[] | undefined {
  if (git(root, "rev-parse", "--is-shallow-repository")?.trim() !== "false") return undefined;
  const log = git(root, "log", `--since=${SESSION_LIFETIME_HOURS}.hours`, "--format=%H %P", commit, "--", `./${MANIFEST_FILE}`);
  if (log === undefined || git(root, "ls-files", "--", `./${MANIFEST_FILE}`)?.trim() === "") return undefined;
  const commits = new Set(log.split("\n").flatMap((line) => line.split(" ")).filter((hash) => hash !== ""));
  commits.add(commit);
  const found: VersionRef[] = [];
  for (const one of commits) {
    const artifacts = readSafely(one === commit ? read : filesAt(root, one));
    if (artifacts === undefined) continue;
    found.push(...artifacts.manifest.entries);
  }
  return found;
}

/** A commit in which the files are broken says nothing. */
function readSafely(read: ReadArtifact): StateArtifacts | undefined {
  try {
    return readArtifacts(read);
  } catch {
    return undefined;
  }
}
