// The artifacts as files: their texts, and what a text says. Invariant: whatever stands in the files, the result is artifacts
// whose parts have the right form, or an error that names the file; nothing of them is run.
import { isStateFile } from "./shape.js";
import { stateError } from "../errors.js";
import { emitBindings } from "./bindings.js";
import { ACK_FILE, BINDINGS_FILE, MANIFEST_FILE, SCHEMA_FILE, type ColdAck, type StateArtifacts } from "./model.js";
import { NO_ARTIFACTS } from "./next.js";
import { printJson } from "./print.js";

/** Reads a file beside package.json, by its name: from the disk, from a commit. */
export type ReadArtifact = (name: string) => string | undefined;

/** By file name. */
export type ArtifactTexts = Readonly<Record<string, string>>;

export function artifactTexts(artifacts: StateArtifacts): ArtifactTexts {
  return {
    [MANIFEST_FILE]: printJson(artifacts.manifest),
    [SCHEMA_FILE]: printJson(artifacts.schemas),
    [BINDINGS_FILE]: emitBindings(artifacts),
  };
}

export const ackText = (ack: ColdAck): string => printJson(ack);

/** What the files say; undefined when there are none. @throws VangoError `VANGO_STATE_ARTIFACT` */
export function readArtifacts(read: ReadArtifact): StateArtifacts | undefined {
  const manifest = parsed(read, MANIFEST_FILE);
  const schemas = parsed(read, SCHEMA_FILE);
  if (manifest === undefined && schemas === undefined) return undefined;
  if (manifest === undefined || schemas === undefined) throw stateError("VANGO_STATE_ARTIFACT", { message: `${manifest === undefined ? MANIFEST_FILE : SCHEMA_FILE} is missing.` });
  return {
    manifest: { ...NO_ARTIFACTS.manifest, ...(manifest as StateArtifacts["manifest"]) },
    schemas: schemas as StateArtifacts["schemas"],
  };
}

/** @throws VangoError `VANGO_STATE_ARTIFACT` */
export function readAck(read: ReadArtifact): ColdAck | undefined {
  return parsed(read, ACK_FILE) as ColdAck | undefined;
}

function parsed(read: ReadArtifact, name: string): unknown {
  const text = read(name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw stateError("VANGO_STATE_ARTIFACT", { message: `${name} is no JSON: ${/^<{7} |^={7}$|^>{7} /m.test(text) ? "a merge conflict is left in it" : (cause as Error).message}.`, at: name });
  }
  const problem = isStateFile(name, value);
  if (problem !== undefined) throw stateError("VANGO_STATE_ARTIFACT", { message: `${name}: ${problem}.`, at: name });
  return value;
}
