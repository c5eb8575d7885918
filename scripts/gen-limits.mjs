// `pnpm gen:limits`: writes docs/reference/limits.md from the limits.ts tables.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { limitsPage, page } from "./checks/limits-page.mjs";
import { say } from "./lib/say.mjs";
import { root } from "./lib/workspace.mjs";

writeFileSync(join(root, page), limitsPage());
say(`${page} written`);
