// The command lines of `vango state`: flags and arguments. What they do is loaded when it is asked for: it brings TypeScript along.
import type { ArgsDef } from "citty";
import { cliError } from "../errors.js";

export interface StateLeaf {
  readonly name: string;
  readonly description: string;
  readonly flags: ArgsDef;
  readonly more?: true;
  readonly run: (root: string, args: Readonly<Record<string, unknown>>) => Promise<number>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const load = () => import("./state.js");
const jsonFlag = { json: { type: "boolean", description: "JSON for programs" } } as const;
const strictFlag = { strict: { type: "boolean", description: "Exit 2 also when the rollback would be cold" } } as const;

export const STATE_LEAVES: readonly StateLeaf[] = [
  {
    name: "state plan",
    description: "Say what a deploy does to the persisted state of live users, and a rollback",
    flags: {
      against: { type: "string", valueHint: "REF|DIR", description: "Compare with a commit, or the artifacts in a folder (default: those in the app's folder)" },
      ...jsonFlag,
      markdown: { type: "boolean", description: "Markdown for a pull request" },
      ...strictFlag,
    },
    async run(root, args) {
      if (args["json"] === true && args["markdown"] === true) throw cliError("VANGO_CLI_USAGE", { message: "--json and --markdown exclude each other." });
      const { outputOf, statePlan } = await load();
      const format = args["json"] === true ? "json" : args["markdown"] === true ? "markdown" : "text";
      return statePlan(root, { against: text(args["against"]), format, strict: args["strict"] === true }, outputOf(process.env));
    },
  },
  {
    name: "state apply",
    description: "Write the generated files of persisted state; refuses a cold change that is not accepted",
    flags: { "ack-cold": { type: "boolean", description: "Accept cold changes: sessions refresh instead of resuming" } },
    async run(root, args) {
      const { outputOf, stateApply } = await load();
      return stateApply(root, args["ack-cold"] === true, outputOf(process.env));
    },
  },
  {
    name: "state check",
    description: "For CI: fail when the generated files are stale, or a cold change is not accepted",
    flags: strictFlag,
    async run(root, args) {
      const { outputOf, stateCheck } = await load();
      return stateCheck(root, args["strict"] === true, outputOf(process.env));
    },
  },
  {
    name: "state alias",
    description: "Record that a key was renamed",
    flags: {
      kind: { type: "positional", required: true, valueHint: "KIND", description: "shared, global or session" },
      from: { type: "positional", required: true, valueHint: "OLD-KEY", description: "The key before" },
      to: { type: "positional", required: true, valueHint: "NEW-KEY", description: "The key now" },
    },
    async run(root, args) {
      const kind = text(args["kind"]) ?? "";
      const { isKind } = await import("./alias.js");
      if (!isKind(kind)) throw cliError("VANGO_CLI_USAGE", { message: `The kind is shared, global or session, not \`${kind}\`.` });
      const { outputOf, stateAlias } = await load();
      return stateAlias(root, { kind, from: text(args["from"]) ?? "", to: text(args["to"]) ?? "" }, outputOf(process.env));
    },
  },
  {
    name: "state replay",
    description: "Read recorded values with the current code, and say what would become of each",
    flags: { path: { type: "positional", required: true, valueHint: "DIR|FILE…", description: "Recordings, or folders of them" } },
    more: true,
    async run(root, args) {
      const { outputOf, stateReplay } = await load();
      const paths = (args["_"] as readonly unknown[] | undefined)?.map(String) ?? [];
      return stateReplay(root, paths, process.env, outputOf(process.env));
    },
  },
  {
    name: "state inspect",
    description: "List what the app persists",
    flags: jsonFlag,
    async run(root, args) {
      const { outputOf, stateInspect } = await load();
      return stateInspect(root, args["json"] === true, outputOf(process.env));
    },
  },
  {
    name: "state verify",
    description: "Check that the generated files agree with the sources and with each other",
    flags: jsonFlag,
    async run(root, args) {
      const { outputOf, stateVerify } = await load();
      return stateVerify(root, args["json"] === true, outputOf(process.env));
    },
  },
];
