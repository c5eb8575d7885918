// Which Node.js runs Vango. Pure, free of imports: it runs before anything else is loaded.

/** What is wrong with this version of Node and how to mend it, or undefined. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fine = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (fine) return undefined;
  return [
    `error VANGO_NODE_VERSION: Node.js ${version} cannot run Vango.`,
    "  why: Vango runs on Node 20.19 or later of the 20 line, and on 22.12 or later.",
    "  fix: install a current Node.js with your version manager or from nodejs.org, and run the command again.",
  ].join("\n");
}
