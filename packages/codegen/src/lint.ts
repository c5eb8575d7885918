// The entry `@vango/codegen/lint`. Linters load a plugin by its default export; code that configures ESLint reads better with the name.
export { vango, type LintPlugin, type PluginRule, type RuleContext } from "./lint/plugin.js";
export { vango as default } from "./lint/plugin.js";
