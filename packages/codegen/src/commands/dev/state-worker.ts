// The thread that reads types under `vango dev`: one program, kept from change to change; the artifacts are written here.
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { writeGenerated } from "../../generated-file.js";
import { artifactTexts } from "../../state/artifacts/files.js";
import { createExtractor, type Extractor } from "../../state/extract/extract.js";
import { placeText } from "../../state/findings.js";
import { changeText } from "../../state/plan.js";
import { reportOf } from "../report.js";
import { summaryOf } from "../state/output.js";
import { planOf, staleFiles, workspaceOf } from "../state/workspace.js";
import type { StateRequest, StateUpdate } from "./persisted-state.js";

const { root } = workerData as { readonly root: string };
let extractor: Extractor | undefined;

async function update({ files }: StateRequest): Promise<StateUpdate> {
  extractor ??= await createExtractor(root);
  const extraction = extractor.extract(files);
  const [first, ...more] = extraction.findings;
  if (first !== undefined) {
    const { code, message, why, fix, frame } = first;
    return { report: { title: code, message: more.length === 0 ? message : `${message} (and ${more.length} more)`, at: placeText(first), frame, why, fix }, written: [] };
  }
  const workspace = workspaceOf(root, extraction);
  const plan = planOf(workspace);
  const texts = artifactTexts(workspace.next);
  const written = staleFiles(workspace).filter((name) => writeGenerated(join(root, name), texts[name] ?? ""));
  const changes = plan.changes.map((change) => `${changeText(change)}: ${change.deploy}. ${change.message}${change.fix === null ? "" : ` ${change.fix}`}`);
  const { classification, acknowledged } = plan.schemaImpact;
  return { verdict: { summary: summaryOf(plan), cold: classification === "cold_deploy" && !acknowledged, changes }, written };
}

let queue: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (request: StateRequest) => {
  queue = queue.then(() => update(request).catch((error: unknown): StateUpdate => ({ report: reportOf(error), written: [] }))).then((done) => parentPort?.postMessage(done, []));
});
