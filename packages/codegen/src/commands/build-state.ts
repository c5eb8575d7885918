// Persisted state in `vango build`: mistakes end the build; stale files are said, and left for the start to judge.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MANIFEST_FILE } from "../state/artifacts/model.js";
import { stateError } from "../state/errors.js";
import { mayDeclareState } from "../state/initial/sites.js";
import { builtEntries, type BuiltState } from "./built-state.js";
import { allSources } from "./dev/check-sources.js";

/** Undefined: the app has no persisted state, or no generated files yet. @throws VangoError `VANGO_STATE_FINDINGS` */
export async function builtState(root: string, say: (line: string) => void): Promise<BuiltState | undefined> {
  const generated = existsSync(join(root, MANIFEST_FILE));
  if (!generated && !allSources(root).some((file) => mayDeclareState(readFileSync(join(root, file), "utf8")))) return undefined;
  // TypeScript is loaded for apps that need it alone
  const { extractState, onDisk, staleFiles, workspaceOf } = await import("./state/workspace.js");
  const { readArtifacts } = await import("../state/artifacts/files.js");
  const extraction = await extractState(root);
  if (extraction.findings.length > 0) {
    const { findingText } = await import("./state/output.js");
    for (const finding of extraction.findings) console.error(`${findingText(finding)}\n`);
    throw stateError("VANGO_STATE_FINDINGS", { message: `${extraction.findings.length} ${extraction.findings.length === 1 ? "finding" : "findings"}.` });
  }
  const workspace = workspaceOf(root, extraction);
  const stale = staleFiles(workspace);
  if (stale.length > 0) say(`warning: ${stale.join(", ")} ${stale.length === 1 ? "is" : "are"} ${generated ? "stale" : "missing"}: run \`vango state plan\`, then \`vango state apply\``);
  const disk = readArtifacts(onDisk(root));
  if (disk === undefined) return undefined;
  return {
    version: 1,
    fingerprint: workspace.next.schemas.fingerprint,
    entries: builtEntries(workspace.next.manifest.entries),
    bindings: { fingerprint: disk.schemas.fingerprint, entries: builtEntries(disk.manifest.entries) },
  };
}
