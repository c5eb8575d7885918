// The rules as a plugin of the ESLint API, which oxlint speaks too. Each rule reads the text with our own parser, so both
// linters, whatever their parser, find the same; the linter's own comments (`eslint-disable-next-line`) work as usual.
import type { Finding } from "./finding.js";
import { noNativeSubmit } from "./rules/forms.js";
import { noBlockingCall, noBrowserGlobals, preferMemo } from "./rules/loop.js";
import { persistedState } from "./rules/persisted-state.js";
import type { LintRule } from "./rules/rule.js";
import { noAsyncSetup, noConditionalSetup, noNavigateInRender, noSetupInRender, requireListKey } from "./rules/setup.js";
import { noInlineScript, noLowLevelImport, noReload, noStateMutation, noUnstableKey } from "./rules/stop-signs.js";
import { noOffLoopWrite, noWriteInEffect, noWriteInLoader, noWriteInRender, noWriteInSetup } from "./rules/writes.js";
import { sourceOf } from "./source.js";

/** All rules, in the order of the documentation. */
export const RULES: readonly LintRule[] = [
  noOffLoopWrite, noWriteInRender, noWriteInSetup, noWriteInEffect, noWriteInLoader,
  noConditionalSetup, noSetupInRender, noAsyncSetup, noNavigateInRender, noBlockingCall, noBrowserGlobals,
  requireListKey, noUnstableKey, noStateMutation, noReload, noInlineScript, noNativeSubmit, noLowLevelImport, preferMemo, persistedState,
];
/** Rules that warn: what they find works, but there is a better way. */
const WARNINGS = new Set(["prefer-memo"]);

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a rule uses of a linter's context. */
export interface RuleContext {
  readonly filename: string;
  readonly sourceCode: { readonly text: string; getLocFromIndex(index: number): Position };
  report(descriptor: { readonly message: string; readonly loc: { readonly start: Position; readonly end: Position } }): void;
}

/** A rule of the ESLint API. */
export interface PluginRule {
  readonly meta: {
    readonly type: "problem" | "suggestion";
    readonly docs: { readonly description: string; readonly recommended: boolean };
    readonly schema: readonly [];
  };
  create(context: RuleContext): { Program(node: unknown): void };
}

/** The plugin: `rules`, and `configs.recommended` for ESLint's flat configuration. */
export interface LintPlugin {
  readonly meta: { readonly name: string };
  readonly rules: Readonly<Record<string, PluginRule>>;
  readonly configs: { readonly recommended: { readonly name: string; readonly plugins: { vango: LintPlugin }; readonly rules: Readonly<Record<string, "error" | "warn">> } };
}

function messageOf({ why, fix, code }: LintRule, { what }: Finding): string {
  return [what, why, `Fix: ${fix}`, code === undefined ? "" : `(${code})`].filter((part) => part !== "").join(" ");
}

function pluginRule(rule: LintRule): PluginRule {
  return {
    meta: { type: WARNINGS.has(rule.name) ? "suggestion" : "problem", docs: { description: rule.summary, recommended: true }, schema: [] },
    create: (context) => ({
      Program() {
        const { sourceCode } = context;
        const source = sourceOf(context.filename, sourceCode.text);
        for (const finding of source === undefined ? [] : rule.check(source)) {
          const loc = { start: sourceCode.getLocFromIndex(finding.start), end: sourceCode.getLocFromIndex(Math.min(finding.end, sourceCode.text.length)) };
          context.report({ message: messageOf(rule, finding), loc });
        }
      },
    }),
  };
}

const rules = Object.fromEntries(RULES.map((rule) => [rule.name, pluginRule(rule)]));
const levels = Object.fromEntries(RULES.map(({ name }) => [`vango/${name}`, WARNINGS.has(name) ? ("warn" as const) : ("error" as const)]));

/**
 * The lint rules of Vango, for ESLint and oxlint.
 *
 * @example
 * // eslint.config.js
 * import { vango } from "@vango/codegen/lint";
 * export default [vango.configs.recommended];
 */
export const vango: LintPlugin = {
  meta: { name: "vango" },
  rules,
  configs: {
    recommended: {
      name: "vango/recommended",
      get plugins() {
        return { vango };
      },
      rules: levels,
    },
  },
};
