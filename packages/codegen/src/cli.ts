#!/usr/bin/env node
// Entry of the `vango` command. Imports nothing that an old Node could fail to load before its version is checked.

import { nodeProblem } from "./commands/node-version.js";

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { main } = await import("./commands/main.js");
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
