// The commands of `vango state`. Each says what it found and gives the exit code: 0 fine or warm, 2 cold and not accepted, 1 error.
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { writeGenerated, firstDifference } from "../../generated-file.js";
import { ackText, artifactTexts } from "../../state/artifacts/files.js";
import { ACK_FILE, type AliasRecord } from "../../state/artifacts/model.js";
import { stateError } from "../../state/errors.js";
import type { StateFinding } from "../../state/findings.js";
import { acknowledge, exitCodeOf, type VangoPlan } from "../../state/plan.js";
import { appSecret, SECRET_FILE, SECRET_VARIABLE } from "../secret.js";
import { formatError } from "../report.js";
import { recordAlias } from "./alias.js";
import { loadPersist } from "./app-persist.js";
import { inspectState, inspectText } from "./inspect.js";
import { findingAnnotation, findingText, planAnnotations, planJson, planMarkdown, planText } from "./output.js";
import { progressOf, type Progress } from "./progress.js";
import { readRecordings, replay } from "./replay.js";
import { verifyState } from "./verify.js";
import { extractState, onDisk, planOf, staleFiles, workspaceOf, type StateWorkspace } from "./workspace.js";

/** Where a command writes, and what its surroundings are. */
export interface StateOutput {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly color: boolean;
  /** GITHUB_ACTIONS: findings and changes become annotations of the pull request. */
  readonly annotate: boolean;
  /** Columns of the terminal. */
  readonly width?: number | undefined;
  /** The repository's root, for annotations. */
  readonly repository?: string | undefined;
  readonly progress: Progress;
}

/** The surroundings of a command line. */
export function outputOf(env: NodeJS.ProcessEnv): StateOutput {
  const color = process.stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return { say: (line) => console.log(line), complain: (line) => console.error(line), color, annotate: env["GITHUB_ACTIONS"] === "true", width: process.stdout.columns, repository: env["GITHUB_WORKSPACE"], progress: progressOf(process.stderr) };
}

/** The workspace, or the findings that are in its way, which are said. */
async function workspace(root: string, output: StateOutput, json = false): Promise<StateWorkspace | undefined> {
  const extraction = await output.progress("reading the types of persisted state", () => extractState(root));
  if (extraction.findings.length === 0) return workspaceOf(root, extraction);
  sayFindings(extraction.findings, root, output, json);
  return undefined;
}

function sayFindings(findings: readonly StateFinding[], root: string, output: StateOutput, json: boolean): void {
  const { say, complain, annotate } = output;
  if (json) say(JSON.stringify({ version: 1, error: "VANGO_STATE_FINDINGS", findings }, undefined, 2));
  for (const finding of findings) {
    complain(`${findingText(finding)}\n`);
    if (annotate && !json) say(findingAnnotation(finding, folderOf(root, output)));
  }
  complain(formatError(stateError("VANGO_STATE_FINDINGS", { message: `${findings.length} ${findings.length === 1 ? "finding" : "findings"}.` })));
}

export interface PlanOptions {
  readonly against: string | undefined;
  readonly format: "text" | "json" | "markdown";
  readonly strict: boolean;
}

export async function statePlan(root: string, { against, format, strict }: PlanOptions, output: StateOutput): Promise<number> {
  const found = await workspace(root, output, format === "json");
  if (found === undefined) return 1;
  const plan = planOf(found, against);
  if (format === "json") output.say(planJson(plan));
  else if (format === "markdown") output.say(planMarkdown(plan));
  else sayPlan(plan, output);
  if (format !== "json" && output.annotate) planAnnotations(plan, { folder: folderOf(root, output) }).forEach(output.say);
  if (format === "text" && against === undefined && staleFiles(found).length > 0) output.say(plan.changes.length === 0 ? "The generated files are stale: `vango state apply` writes them." : "`vango state apply` writes the generated files.");
  return exitCodeOf(plan, strict);
}

function sayPlan(plan: VangoPlan, { say, color, width }: StateOutput): void {
  say(planText(plan, { color, ...(width === undefined ? {} : { width }) }));
}

/** Where the app lies in its repository: annotations name files from there. */
const folderOf = (root: string, { repository }: StateOutput): string => (repository === undefined ? "" : relative(repository, root).split(sep).join("/"));

export async function stateApply(root: string, ackCold: boolean, output: StateOutput): Promise<number> {
  const found = await workspace(root, output);
  if (found === undefined) return 1;
  const plan = planOf(found);
  const { acknowledged, classification } = plan.schemaImpact;
  if (plan.changes.length > 0) sayPlan(plan, output);
  if (classification === "cold_deploy" && !acknowledged && !ackCold) {
    output.complain("Nothing was written: this deploy is cold. Sessions would refresh instead of resuming. Make it warm by the advice above, or accept it: `vango state apply --ack-cold`.");
    return 2;
  }
  const { before, next, ack, entries } = found;
  const accepted = acknowledge(plan, before.schemas.fingerprint, next.schemas.fingerprint, ack, entries);
  const nothing = entries.length === 0 && before.manifest.entries.length === 0 && before.manifest.removed.length === 0;
  const texts = { ...(nothing ? {} : artifactTexts(next)), ...(accepted === undefined ? {} : { [ACK_FILE]: ackText(accepted) }) };
  const written = Object.entries(texts).filter(([name, text]) => writeGenerated(join(root, name), text)).map(([name]) => name);
  output.say(nothing ? "The app has no persisted state." : written.length === 0 ? "The generated files are up to date." : `Written: ${written.join(", ")}. Commit them with the change.`);
  return 0;
}

export async function stateCheck(root: string, strict: boolean, output: StateOutput): Promise<number> {
  const found = await workspace(root, output);
  if (found === undefined) return 1;
  const plan = planOf(found);
  const code = exitCodeOf(plan, strict);
  const stale = staleFiles(found);
  if (plan.changes.length > 0) sayPlan(plan, output);
  if (output.annotate) planAnnotations(plan, { folder: folderOf(root, output) }).forEach(output.say);
  if (stale.length > 0) {
    const read = onDisk(root);
    const [first = ""] = stale;
    output.complain(formatError(stateError("VANGO_STATE_STALE", { message: `${stale.join(", ")}. ${first}: ${firstDifference(read(first), artifactTexts(found.next)[first] ?? "")}` })));
  }
  if (code === 2) output.complain(`A cold change is not acknowledged${existsSync(join(root, ACK_FILE)) ? ` in ${ACK_FILE}` : ""}. Make it warm by the advice above, or accept it: \`vango state apply --ack-cold\`, and commit ${ACK_FILE}.`);
  if (stale.length === 0 && code === 0) output.say(`The persisted state is as committed: ${count(found.entries.length, "key")}${plan.schemaImpact.acknowledged ? ", cold changes acknowledged" : ""}.`);
  return code === 2 ? 2 : stale.length > 0 ? 1 : 0;
}

export async function stateAlias(root: string, alias: AliasRecord, output: StateOutput): Promise<number> {
  const found = await workspace(root, output);
  if (found === undefined) return 1;
  const changed = recordAlias(found, alias);
  output.say(changed ? `Recorded: values of ${alias.kind}:${alias.from} are ${alias.kind}:${alias.to}'s from now on. Run \`vango state plan\`, then \`vango state apply\`.` : "This rename was recorded already.");
  return 0;
}

export async function stateInspect(root: string, json: boolean, output: StateOutput): Promise<number> {
  const found = await workspace(root, output, json);
  if (found === undefined) return 1;
  const inspected = inspectState(found.entries);
  output.say(json ? JSON.stringify(inspected, undefined, 2) : inspectText(inspected));
  return 0;
}

export async function stateVerify(root: string, json: boolean, output: StateOutput): Promise<number> {
  const found = await workspace(root, output, json);
  if (found === undefined) return 1;
  const problems = verifyState(found);
  if (json) output.say(JSON.stringify({ version: 1, ok: problems.length === 0, fingerprint: found.next.schemas.fingerprint, problems }, undefined, 2));
  else if (problems.length === 0) output.say(`The artifacts agree with the sources and with each other: ${count(found.entries.length, "key")}, fingerprint ${found.next.schemas.fingerprint}.`);
  else for (const { file, what } of problems) output.complain(`${file}: ${what}`);
  return problems.length === 0 ? 0 : 1;
}

export async function stateReplay(root: string, paths: readonly string[], env: NodeJS.ProcessEnv, output: StateOutput): Promise<number> {
  const found = await workspace(root, output);
  if (found === undefined) return 1;
  const recordings = readRecordings(paths);
  const secret = appSecret(root, env);
  if (secret === undefined) throw stateError("VANGO_STATE_SNAPSHOT", { message: `Values are signed with the app's secret, and there is none: set ${SECRET_VARIABLE}, or run where ${SECRET_FILE} is.` });
  const persist = await loadPersist(root);
  const results = await output.progress(`replaying ${count(recordings.length, "record")}`, () => replay(found, recordings, persist, [secret.value]));
  for (const { record, name, outcome, detail } of results.filter((one) => one.outcome !== "same")) output.say(`${outcome.padEnd(14)} ${record} ${name}${detail === "" ? "" : `: ${detail}`}`);
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  output.say(`${count(results.length, "value")} of ${count(recordings.length, "record")}: ${[...counts].map(([outcome, n]) => `${n} ${outcome}`).join(", ") || "none"}.`);
  if (results.some(({ outcome }) => outcome === "unreadable")) return 1;
  return results.some(({ lost }) => lost) ? 2 : 0;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
