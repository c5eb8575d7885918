// Declarations of persisted state, as the generator of the artifacts reads them: the same check, in the editor. What takes types
// (whether a type can be persisted, members of imported enums) is the generator's alone.
import { ONE_FILE } from "../../state/initial/initial.js";
import { mayDeclareState, sitesIn } from "../../state/initial/sites.js";
import { STATE_ERRORS } from "../../state/errors.js";
import type { LintRule } from "./rule.js";

export const persistedState: LintRule = {
  name: "persisted-state",
  summary: "Persisted state has a literal key, a constant initial value, and is declared in place.",
  why: "Keys, initial values and schema ids are read from the source, so that a deploy can be judged before it ships.",
  fix: "Write the key in quotes and a constant value; what needs props, time, chance or input is written later, in a handler.",
  check({ program, text }) {
    if (!mayDeclareState(text)) return [];
    const usesCore = program.body.some((statement) => (statement.type === "ImportDeclaration" || statement.type === "ExportNamedDeclaration") && statement.source?.value === "@vango/core");
    if (!usesCore) return [];
    const { sites, aliases } = sitesIn(program, ONE_FILE);
    return [...sites.flatMap(({ problems }) => problems), ...aliases].map(({ code, start, end, what }) => ({ start, end, what: `${STATE_ERRORS[code].message} ${what} (${code})` }));
  },
};
