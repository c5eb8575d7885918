// Rules about who may write state: only turns of the loop, and effects that say so.
import { findingsOf, type Findings } from "../finding.js";
import { walkRegions, type Place } from "../regions.js";
import { writeOf } from "../scope.js";
import { oncePerSource } from "../source.js";
import type { LintRule } from "./rule.js";

/** The rule that a write at this place breaks. */
function ruleOf({ region, awaited }: Place): string | undefined {
  if (region === "loader") return "no-write-in-loader";
  if (region === "off the loop" || awaited) return "no-off-loop-write";
  if (region === "render") return "no-write-in-render";
  if (region === "setup") return "no-write-in-setup";
  if (region === "effect") return "no-write-in-effect";
  return undefined;
}

/** Writes that break a rule, by the rule. */
const writes = oncePerSource((source): Findings => {
  const findings: Findings = new Map();
  walkRegions(source, (node, place) => {
    if (node.type !== "CallExpression" || place.scope === undefined) return;
    const broken = ruleOf(place);
    const write = broken === undefined ? undefined : writeOf(node, place.scope, place.hidden);
    if (broken === undefined || write === undefined) return;
    const where = place.awaited && place.region !== "loader" ? `after an await in ${place.label}` : `in ${place.label}`;
    findingsOf(findings, broken).push({ start: node.start, end: node.end, what: `\`${write.cell}.${write.method}()\` stands ${where}.` });
  });
  return findings;
});

const rule = (text: Omit<LintRule, "check">): LintRule => ({ ...text, check: (source) => writes(source).get(text.name) ?? [] });

export const noOffLoopWrite = rule({
  name: "no-off-loop-write",
  summary: "Write state on the session's loop only.",
  why: "Code after an await, in a timer or in a promise's callback runs beside the loop: the write throws VANGO_OFF_LOOP_WRITE.",
  fix: "Do the waiting in setup.action (with onSuccess) or setup.resource, use setup.timeout or setup.interval, or come back with ctx.dispatch(() => …).",
  code: "VANGO_OFF_LOOP_WRITE",
});

export const noWriteInRender = rule({
  name: "no-write-in-render",
  summary: "Rendering does not write state.",
  why: "A page is a projection of state; a write while it is computed would change what is being shown. It throws VANGO_WRITE_IN_RENDER.",
  fix: "Derive the value with setup.memo, or write it in the event handler that causes it.",
  code: "VANGO_WRITE_IN_RENDER",
});

export const noWriteInSetup = rule({
  name: "no-write-in-setup",
  summary: "Setup allocates state and does not write it.",
  why: "Setup runs once, before anything is shown, and may run for a GET that keeps nothing. A write throws VANGO_WRITE_IN_SETUP.",
  fix: "Give the value as the initial one, or write in setup.onMount(…, { writes: true }).",
  code: "VANGO_WRITE_IN_SETUP",
});

export const noWriteInEffect = rule({
  name: "no-write-in-effect",
  summary: "An effect that writes says so.",
  why: "A write in an effect is another cycle of the turn; undeclared, it throws VANGO_WRITE_IN_EFFECT.",
  fix: "Derive the value with setup.memo; if it must be written, add { writes: true }.",
  code: "VANGO_WRITE_IN_EFFECT",
});

export const noWriteInLoader = rule({
  name: "no-write-in-loader",
  summary: "Loaders and the work of actions return results, they do not write state.",
  why: "They run off the loop, side by side with it. A write throws VANGO_OFF_LOOP_WRITE.",
  fix: "Return the value: a resource shows it, an action hands it to onSuccess, which is a turn.",
  code: "VANGO_OFF_LOOP_WRITE",
});
