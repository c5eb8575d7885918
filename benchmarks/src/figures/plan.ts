// S1 and S2: what the plan of a deploy costs on a generated app, at once and as one types, beside a type check of the same app.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Context, Group } from "../lib/figure.js";
import { componentFile, componentSource, generateProject } from "../lib/generated-project.js";
import type { Result } from "../lib/result.js";
import { median, ratioOf } from "../lib/stats.js";

const require = createRequire(import.meta.url);
const codegen = (file: string): string => join(dirname(require.resolve("@vango/codegen/package.json")), "dist", file);

const seconds = (trials: readonly number[]): string => `${(median(trials) / 1000).toFixed(2)} s`;

/** Milliseconds of one command, which must end with 0. */
function timed(args: readonly string[], cwd: string): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return performance.now() - began;
}

/** The thread of `vango dev` that reads types: milliseconds from the news of a change to its verdict. */
class Watched {
  readonly #worker: Worker;
  #fail: (error: Error) => void = () => undefined;

  constructor(root: string) {
    this.#worker = new Worker(codegen("state-worker.js"), { workerData: { root } });
    this.#worker.on("error", (error: Error) => this.#fail(error));
  }

  update(files: readonly string[] | undefined): Promise<number> {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.once("message", (answer: { readonly report?: { readonly message: string } }) => {
        if (answer.report === undefined) resolve(performance.now() - began);
        else reject(new Error(answer.report.message));
      });
      this.#worker.postMessage({ files }, []);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

async function measure({ smoke, wants }: Context): Promise<readonly Result[]> {
  const [components, keys] = smoke ? [20, 8] : [500, 200];
  const root = generateProject(components, keys);
  const watched = new Watched(root);
  try {
    const [cli, tsc] = [codegen("cli.js"), require.resolve("typescript/bin/tsc")];
    timed([cli, "state", "apply"], root);
    await watched.update(undefined);
    const figures = { plan: [] as number[], watch: [] as number[], tsc: [] as number[] };
    for (let trial = 0; trial < 3; trial++) {
      if (wants("S1")) figures.plan.push(timed([cli, "state", "plan"], root));
      const keystrokes: number[] = [];
      for (let i = 0; i < 5; i++) {
        const which = (trial * 5 + i) % keys;
        const file = componentFile(which);
        writeFileSync(join(root, file), `${componentSource(which, true)}// ${trial} ${i}\n`);
        keystrokes.push(await watched.update([file]));
      }
      figures.watch.push(median(keystrokes));
      figures.tsc.push(timed([tsc, "-p", ".", "--noEmit"], root));
    }
    const app = `an app of ${components} components and ${keys} persisted keys`;
    const baseline = "tsc --noEmit (5.9) of the same app";
    return [
      ...(wants("S1") ? [{ id: "S1", what: `vango state plan of ${app}`, baseline, target: 1, ...ratioOf(figures.plan, figures.tsc), detail: `${seconds(figures.plan)} / ${seconds(figures.tsc)}` }] : []),
      ...(wants("S2") ? [{ id: "S2", what: `the verdict after a keystroke in ${app}`, baseline, target: 0.15, ...ratioOf(figures.watch, figures.tsc), detail: `${seconds(figures.watch)} / ${seconds(figures.tsc)}` }] : []),
    ];
  } finally {
    await watched.end();
    rmSync(root, { recursive: true, force: true });
  }
}

export const plan: Group = { name: "plan", ids: ["S1", "S2"], run: measure };
