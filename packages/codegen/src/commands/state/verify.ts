// `vango state verify`: the artifacts agree with the sources and with each other; every hash is made again.
import { artifactTexts, readArtifacts } from "../../state/artifacts/files.js";
import { BINDINGS_FILE, MANIFEST_FILE, SCHEMA_FILE, typeOf, type StateArtifacts } from "../../state/artifacts/model.js";
import { emitBindings } from "../../state/artifacts/bindings.js";
import { fingerprintOf } from "../../state/artifacts/next.js";
import { firstDifference } from "../../generated-file.js";
import { hashOfSchema } from "../../state/schema/canonical.js";
import { onDisk, staleFiles, type StateWorkspace } from "./workspace.js";

export interface VerifyProblem {
  readonly file: string;
  readonly what: string;
}

/** All that does not agree; empty when everything does. */
export function verifyState(workspace: StateWorkspace): readonly VerifyProblem[] {
  const read = onDisk(workspace.root);
  const found = readArtifacts(read);
  const inside = found === undefined ? [] : inconsistencies(found, read(BINDINGS_FILE));
  const known = new Set(inside.map(({ file }) => file));
  const texts = artifactTexts(workspace.next);
  const stale = staleFiles(workspace).filter((file) => !known.has(file));
  return [...inside, ...stale.map((file) => ({ file, what: `It is not what the sources give. ${firstDifference(read(file), texts[file] ?? "")}` }))];
}

/** Within the artifacts alone. */
function inconsistencies(artifacts: StateArtifacts, bindings: string | undefined): readonly VerifyProblem[] {
  const { manifest, schemas } = artifacts;
  const problems: VerifyProblem[] = [];
  const add = (file: string, what: string): void => void problems.push({ file, what });
  for (const [id, { hash, type, previous, versions }] of Object.entries(schemas.schemas)) {
    if (hashOfSchema(type) !== hash) add(SCHEMA_FILE, `The type of ${id} has the hash ${hashOfSchema(type)}, not ${hash}.`);
    for (const old of previous) {
      const version = Object.hasOwn(versions, old) ? versions[old] : undefined;
      if (version === undefined) add(SCHEMA_FILE, `The version ${old} of ${id} has no type.`);
      else if (hashOfSchema(version) !== old) add(SCHEMA_FILE, `The version ${old} of ${id} has the hash ${hashOfSchema(version)}.`);
    }
  }
  const all = [...manifest.entries.map((entry) => ({ ...entry, versions: [{ schema: entry.schema, hash: entry.hash }, ...entry.previous] })), ...manifest.removed.map((entry) => ({ ...entry, versions: entry.previous }))];
  for (const entry of all) {
    for (const version of entry.versions) if (typeOf(artifacts, version) === undefined) add(MANIFEST_FILE, `${entry.kind}:${entry.key} refers to ${version.schema} (${version.hash}), which ${SCHEMA_FILE} does not have.`);
  }
  const fingerprint = fingerprintOf(manifest.entries);
  if (fingerprint !== schemas.fingerprint) add(SCHEMA_FILE, `The fingerprint is ${schemas.fingerprint}; that of the manifest's entries is ${fingerprint}.`);
  if (problems.length === 0 && bindings !== undefined) {
    const wanted = emitBindings(artifacts);
    if (bindings !== wanted) add(BINDINGS_FILE, `It is not what the manifest and the schemas give. ${firstDifference(bindings, wanted)}`);
  }
  return problems;
}
