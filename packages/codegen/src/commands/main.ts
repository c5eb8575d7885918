// The command tree of `vango` and its exit codes: 0 fine, 1 error, of `vango state` also 2: cold. Every failure ends here, as text with a fix.

import { defineCommand, parseArgs, renderUsage, type ArgsDef, type CommandDef } from "citty";
import { closest } from "./closest.js";
import { cliError } from "./errors.js";
import { cwdFlag, listenFlags, appRoot, oneWorker, readListen, readWorkers, WORKERS_VARIABLE } from "./options.js";
import { formatError } from "./report.js";
import { STATE_LEAVES } from "./state/leaves.js";

/** A command. `more`: its last positional argument may be repeated. */
interface Leaf { readonly name: string; readonly command: CommandDef; readonly flags: ArgsDef; readonly more?: true; readonly run: (args: Readonly<Record<string, unknown>>, rest: readonly string[]) => Promise<number | void> }

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

function leaf(name: string, description: string, flags: ArgsDef, run: Leaf["run"]): Leaf {
  return { name, flags, run, command: defineCommand({ meta: { name: `vango ${name}`, description }, args: flags }) };
}

const LEAVES: readonly Leaf[] = [
  leaf("dev", "Run the app from source; restart on change, errors in the browser", { ...listenFlags, ...cwdFlag }, async (args) => {
    oneWorker(text(args["workers"]));
    const { dev } = await import("./dev/dev.js");
    await dev({ root: appRoot(text(args["cwd"])), ...readListen({ port: text(args["port"]), host: text(args["host"]) }, process.env) });
  }),
  leaf("build", "Bundle the app into dist/, fingerprint and compress public/", cwdFlag, async (args) => {
    const { build } = await import("./build.js");
    await build(appRoot(text(args["cwd"])), (line) => console.log(line));
  }),
  leaf("start", "Run what `vango build` made", { ...listenFlags, ...cwdFlag }, async (args, rest) => {
    const workers = readWorkers(text(args["workers"]), process.env[WORKERS_VARIABLE]);
    const { start } = await import("./start.js");
    await start({ root: appRoot(text(args["cwd"])), ...readListen({ port: text(args["port"]), host: text(args["host"]) }, process.env), workers, rest });
  }),
  leaf("gen routes", "Write routes_gen.ts from app/routes", { check: { type: "boolean", description: "Write nothing; exit 1 when routes_gen.ts is stale" }, ...cwdFlag }, async (args) => {
    const { genRoutes } = await import("./gen.js");
    genRoutes(appRoot(text(args["cwd"])), args["check"] === true, (line) => console.log(line));
  }),
  ...STATE_LEAVES.map(({ name, description, flags, more, run }): Leaf => ({ ...leaf(name, description, { ...flags, ...cwdFlag }, (args) => run(appRoot(text(args["cwd"])), args)), ...(more === true ? { more } : {}) })),
  leaf("audit", "Attack a running app as an unfriendly client would, and say what held", {
    url: { type: "positional", required: true, valueHint: "URL", description: "Address of one of the app's pages" },
    sockets: { type: "string", valueHint: "N", description: "Sockets that the join flood opens at most (default: 150)" },
    json: { type: "boolean", description: "One line of JSON a check" },
    ...cwdFlag,
  }, async (args) => {
    const sockets = text(args["sockets"]) ?? "150";
    if (!/^[1-9]\d{0,4}$/.test(sockets)) throw cliError("VANGO_CLI_USAGE", { message: `--sockets must be a whole number from 1 to 99999, not \`${sockets}\`.` });
    const { audit } = await import("./audit/audit.js");
    const failed = await audit({ url: text(args["url"]) ?? "", sockets: Number(sockets), json: args["json"] === true, say: (line) => console.log(line) });
    return failed.length === 0 ? 0 : 1;
  }),
];

const isHelp = (arg: string) => arg === "--help" || arg === "-h";

/** Runs the command line. Gives the exit code; servers go on after it. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const split = argv.indexOf("--");
    const own = split === -1 ? argv : argv.slice(0, split);
    const rest = split === -1 ? [] : argv.slice(split + 1);
    if (own[0] === "--version" || own[0] === "-v") {
      console.log(await version());
      return 0;
    }
    const chosen = LEAVES.find((one) => one.name.split(" ").every((word, i) => own[i] === word));
    if (chosen === undefined) {
      if (own.length === 0 || own.some(isHelp)) {
        console.log(overview());
        return own.length === 0 ? 1 : 0;
      }
      throw unknownCommand(own);
    }
    const args = own.slice(chosen.name.split(" ").length);
    if (args.some(isHelp)) {
      console.log(await renderUsage(chosen.command));
      return 0;
    }
    checkFlags(chosen, args);
    return (await chosen.run(parseArgs([...args], chosen.flags), rest)) ?? 0;
  } catch (error) {
    console.error(formatError(error));
    return 1;
  }
}

function overview(): string {
  const width = Math.max(...LEAVES.map(({ name }) => name.length));
  const line = ({ name, command }: Leaf) => `  vango ${name.padEnd(width)}  ${(command.meta as { description: string }).description}`;
  return ["Usage: vango <command> [--cwd DIR]", "", ...LEAVES.map(line), "", "`vango <command> --help` lists a command's flags."].join("\n");
}

function unknownCommand(own: readonly string[]): Error {
  const words = own.filter((arg) => !arg.startsWith("-")).join(" ");
  const near = closest(words, LEAVES.map(({ name }) => name));
  return cliError("VANGO_CLI_USAGE", { message: `There is no command \`vango ${words || own[0]}\`.${near === undefined ? "" : ` Did you mean \`vango ${near}\`?`}` });
}

/** citty accepts any flag; a typo must not be silently ignored. */
function checkFlags({ name, flags, more }: Leaf, args: readonly string[]): void {
  const values = Object.values(flags).filter((flag) => flag.type === "positional").map((flag) => flag.valueHint ?? "VALUE");
  let positionals = values.length;
  const missing = values.slice(args.filter((arg, i) => !arg.startsWith("--") && !takesValue(flags, args[i - 1])).length);
  if (missing.length > 0) throw cliError("VANGO_CLI_USAGE", { message: `\`vango ${name} ${values.join(" ")}\` needs ${missing.join(" and ")} too.` });
  if (more === true) positionals = args.length;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("-") && positionals-- > 0) continue;
    const [flag = "", value] = arg.split(/=(.*)/s);
    const definition = flags[flag.replace(/^--/, "")];
    if (!flag.startsWith("--") || definition === undefined) {
      const near = closest(flag, Object.keys(flags).map((known) => `--${known}`));
      throw cliError("VANGO_CLI_USAGE", { message: `\`vango ${name}\` does not know \`${flag}\`.${near === undefined ? "" : ` Did you mean \`${near}\`?`}` });
    }
    if (definition.type === "boolean") continue;
    if (value === undefined && (args[i + 1] === undefined || args[i + 1]?.startsWith("--"))) throw cliError("VANGO_CLI_USAGE", { message: `${flag} needs a value.` });
    if (value === undefined) i++;
  }
}

/** True for a flag that takes the next argument as its value. */
function takesValue(flags: ArgsDef, arg: string | undefined): boolean {
  return arg !== undefined && arg.startsWith("--") && !arg.includes("=") && flags[arg.slice(2)]?.type === "string";
}

async function version(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const { packageFile } = await import("./own-files.js");
  const parsed = JSON.parse(await readFile(packageFile("package.json"), "utf8")) as { version: string };
  return parsed.version;
}
