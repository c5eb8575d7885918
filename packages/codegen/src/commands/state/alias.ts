// `vango state alias <kind> <old-key> <new-key>`: records a rename, so that values of the old key are the new key's.
import { join } from "node:path";
import { writeGenerated } from "../../generated-file.js";
import { readArtifacts } from "../../state/artifacts/files.js";
import { MANIFEST_FILE, type AliasRecord } from "../../state/artifacts/model.js";
import { printJson } from "../../state/artifacts/print.js";
import type { StateKind } from "../../state/compat/change.js";
import { stateError } from "../../state/errors.js";
import { onDisk, type StateWorkspace } from "./workspace.js";

const KINDS: readonly string[] = ["shared", "global", "session"];

export const isKind = (kind: string): kind is StateKind => KINDS.includes(kind);

/** Writes the manifest. Tells whether it changed. @throws VangoError `VANGO_STATE_ALIAS_KEY` */
export function recordAlias({ root, before, entries }: StateWorkspace, { kind, from, to }: AliasRecord): boolean {
  const { manifest } = before;
  if (manifest.aliases.some((alias) => alias.kind === kind && alias.from === from && alias.to === to)) return false;
  const declared = (key: string): boolean => entries.some((entry) => entry.kind === kind && entry.key === key);
  const known = [...manifest.entries, ...manifest.removed].filter((entry) => entry.kind === kind).map(({ key }) => key);
  const refuse = (message: string): Error => stateError("VANGO_STATE_ALIAS_KEY", { message });
  if (from === to) throw refuse("Both keys are the same.");
  if (!known.includes(from)) throw refuse(`The artifacts have no ${kind} key ${JSON.stringify(from)}. They have: ${known.join(", ") || "none"}.`);
  if (declared(from)) throw refuse(`The sources still declare ${JSON.stringify(from)}.`);
  if (!declared(to)) throw refuse(`The sources do not declare ${JSON.stringify(to)}.`);
  const other = manifest.aliases.find((alias) => alias.kind === kind && alias.from === from);
  if (other !== undefined) throw refuse(`${JSON.stringify(from)} was renamed to ${JSON.stringify(other.to)} already.`);
  const disk = readArtifacts(onDisk(root))?.manifest ?? manifest;
  return writeGenerated(join(root, MANIFEST_FILE), printJson({ ...disk, aliases: [...manifest.aliases, { kind, from, to }] }));
}
