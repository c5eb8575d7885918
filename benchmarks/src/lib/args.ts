// Arguments of `pnpm bench`.

export interface Args {
  readonly json: string | undefined;
  /** Figures to run; empty for all. */
  readonly only: readonly string[];
  readonly list: boolean;
  readonly smoke: boolean;
  readonly help: boolean;
}

export const USAGE = `pnpm bench [--only T1,T3] [--json FILE] [--list] [--smoke]

  --only   figures to run, separated by commas (default: all)
  --json   write the results to FILE, or to standard output for "-"
  --list   show the figures and end
  --smoke  very short runs: shows that everything works, the numbers mean nothing
`;

/** Reads the arguments; throws with one clear line for anything unknown. */
export function parseArgs(argv: readonly string[]): Args {
  let json: string | undefined;
  let only: readonly string[] = [];
  let list = false;
  let smoke = false;
  let help = false;
  const rest = argv.filter((arg) => arg !== "--").flatMap((arg) => (/^--\w+=/.test(arg) ? [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)] : [arg]));
  for (let at = 0; at < rest.length; at++) {
    const arg = rest[at];
    if (arg === "--list") list = true;
    else if (arg === "--smoke") smoke = true;
    else if (arg === "--help" || arg === "-h") help = true;
    else if (arg === "--json" || arg === "--only") {
      const value = rest[++at];
      if (value === undefined) throw new Error(`${arg} needs a value.\n\n${USAGE}`);
      if (arg === "--json") json = value;
      else only = value.split(",").map((id) => id.trim()).filter((id) => id !== "");
    } else throw new Error(`Unknown argument ${String(arg)}.\n\n${USAGE}`);
  }
  return { json, only, list, smoke, help };
}
