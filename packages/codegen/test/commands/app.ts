// A small app in a temporary folder, and the built `vango` command run on it as users run it.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { keptTree, tree } from "../routes/tree.js";

const own = fileURLToPath(new URL("../../", import.meta.url));
export const cli = join(own, "dist", "cli.js");

export const home = (text: string) => `import { component } from "@vango/core";
import { greet } from "../greet.js";
export const page = component(() => () => <main><h1>{greet(${JSON.stringify(text)})}</h1></main>);
`;

/** An app with one page; @vango packages resolve to this workspace's. */
export const fixtureApp = (files: Readonly<Record<string, string>> = {}): string => linked(tree({ ...basics, ...files }));

/** {@link fixtureApp} for several tests: whoever made it removes it. */
export const keptApp = (files: Readonly<Record<string, string>> = {}): string => linked(keptTree({ ...basics, ...files }));

const basics = {
  "package.json": `{ "name": "fixture", "type": "module" }`,
  "app/routes/index.tsx": home("hello"),
  "app/greet.ts": "export const greet = (text: string): string => `${text} from vango`;\n",
  "public/site.css": "body { color: rebeccapurple }\n".repeat(40),
};

function linked(root: string): string {
  symlinkSync(join(own, "node_modules"), join(root, "node_modules"), "dir");
  return root;
}

export interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
  /** Waits until the output after the last match holds `pattern`. */
  next(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the command; it is killed when the test ends. */
export const vango = (...args: readonly string[]): Run => vangoWith({}, ...args);

/** {@link vango} with variables of the environment. */
export function vangoWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Run {
  if (!existsSync(cli)) throw new Error("packages/codegen is not built: run `pnpm --filter @vango/codegen build` first");
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PORT: "", HOST: "", NODE_ENV: undefined, VANGO_SECRET: undefined, ...env } });
  let text = "";
  let read = 0;
  const waiting = new Set<() => void>();
  const more = (data: Buffer) => {
    text += data.toString();
    for (const wake of waiting) wake();
  };
  child.stdout.on("data", more);
  child.stderr.on("data", more);
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => {
    resolve(code);
    for (const wake of waiting) wake();
  }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return {
    child, exit,
    output: () => text,
    next: (pattern) => new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text.slice(read));
        if (match === null && child.exitCode === null) return;
        waiting.delete(look);
        if (match === null) {
          reject(new Error(`The command ended without ${pattern}:\n${text}`));
          return;
        }
        read += match.index + match[0].length;
        resolve(match);
      };
      waiting.add(look);
      look();
    }),
  };
}
