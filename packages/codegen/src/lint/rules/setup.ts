// Rules about setup and the render closure: what is allocated where, and that neither waits.
import { checkAllocation, renderClosures } from "../../compile/checks/allocation.js";
import { checkMapKeys } from "../../compile/checks/map-keys.js";
import { coreCall, coreImports } from "../../compile/imports.js";
import { calleeOf, isFunction, unwrap, walk, type Node } from "../../compile/syntax.js";
import { findingsOf, type Finding, type Findings } from "../finding.js";
import { walkRegions } from "../regions.js";
import { ctxMember } from "../scope.js";
import { oncePerSource, type Source } from "../source.js";
import type { LintRule } from "./rule.js";

/** Findings of the checks that the compiler makes too, by code. */
const compiled = oncePerSource(({ program }): Findings => {
  const findings: Findings = new Map();
  const collect = {
    error(code: string, offset: number, detail = ""): void {
      const found = findingsOf(findings, code);
      if (!found.some((f) => f.start === offset)) found.push({ start: offset, end: offset + 1, what: detail });
    },
  };
  checkAllocation(program, coreImports(program), collect);
  checkMapKeys(program, collect);
  return findings;
});
const compiledAs = (code: string) => (source: Source): readonly Finding[] => compiled(source).get(code) ?? [];

export const noConditionalSetup: LintRule = {
  name: "no-conditional-setup",
  summary: "Setup allocates the same state on every mount.",
  why: "A branch or loop would change what a component has, so its state could not be restored or compared.",
  fix: "Move the call to the top level of setup and make its use conditional instead.",
  code: "VANGO_JSX_CONDITIONAL_SETUP",
  check: compiledAs("VANGO_JSX_CONDITIONAL_SETUP"),
};

export const noSetupInRender: LintRule = {
  name: "no-setup-in-render",
  summary: "The render closure allocates nothing.",
  why: "It runs again on every change; setup runs once per mount.",
  fix: "Call it above the return, and read the result in the render closure.",
  code: "VANGO_JSX_SETUP_IN_RENDER",
  check: compiledAs("VANGO_JSX_SETUP_IN_RENDER"),
};

export const requireListKey: LintRule = {
  name: "require-list-key",
  summary: "Rows have keys.",
  why: "Rows without a key are matched by position: after a removal each row shows its neighbour's state.",
  fix: "Use each(list, (item) => item.id, (item) => …), or give the element a key.",
  code: "VANGO_JSX_MAP_KEY",
  check: compiledAs("VANGO_JSX_MAP_KEY"),
};

export const noAsyncSetup: LintRule = {
  name: "no-async-setup",
  summary: "Setup, render closures, rows and memos do not wait.",
  why: "They compute on the session's loop; a promise has no view. It throws when it is mounted.",
  fix: "Load data with setup.resource and show it with .match({ … }).",
  check({ program }) {
    const found: Finding[] = [];
    const names = coreImports(program);
    const refuse = (given: Node | undefined, what: string): void => {
      const fn = given === undefined ? undefined : unwrap(given);
      if (fn !== undefined && isFunction(fn) && (fn.async || fn.generator)) found.push({ start: fn.start, end: fn.start + 5, what: `${what} is ${fn.async ? "asynchronous" : "a generator"}.` });
    };
    walk(program, (node) => {
      if (node.type !== "CallExpression") return;
      const callee = calleeOf(node);
      const core = coreCall(node, names);
      const [first, , third] = node.arguments;
      if (core === "component") {
        refuse(first, "The setup of this component");
        const setup = first === undefined ? undefined : unwrap(first);
        if (setup !== undefined && isFunction(setup)) for (const fn of renderClosures(setup)) refuse(fn, "The render closure");
      }
      if (core === "each") refuse(third, "This row");
      if (callee?.object !== undefined && callee.name === "memo") refuse(first, "This memo");
    });
    return found;
  },
};

export const noNavigateInRender: LintRule = {
  name: "no-navigate-in-render",
  summary: "Pages do not navigate while they are set up or rendered.",
  why: "A page is a projection of state. ctx.navigate there throws VANGO_NAVIGATE_IN_RENDER.",
  fix: "Redirect in middleware (ctx.redirect), or navigate in a handler or a callback.",
  code: "VANGO_NAVIGATE_IN_RENDER",
  check(source) {
    const found: Finding[] = [];
    walkRegions(source, (node, { region, scope, label }) => {
      if (node.type !== "CallExpression" || scope === undefined || (region !== "setup" && region !== "render")) return;
      if (ctxMember(node, scope) === "navigate") found.push({ start: node.start, end: node.end, what: `ctx.navigate() stands in ${label}.` });
    });
    return found;
  },
};
