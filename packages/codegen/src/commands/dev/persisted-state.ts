// Persisted state under `vango dev`: the artifacts follow the sources, mistakes are shown like those of the compiler, and the
// verdict of the next deploy as one types. Types are read in a thread of their own: the port of `vango dev` goes on answering.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { MANIFEST_FILE } from "../../state/artifacts/model.js";
import { mayDeclareState } from "../../state/initial/sites.js";
import { packageFile } from "../own-files.js";
import type { ErrorReport } from "../report.js";
import { allSources } from "./check-sources.js";

/** What a deploy of the sources as they are would do. */
export interface StateVerdict {
  /** Such as "Deploy: warm · rollback: cold · 3 keys". */
  readonly summary: string;
  readonly cold: boolean;
  /** One line a change. */
  readonly changes: readonly string[];
}

/** What became of a change of files. */
export interface StateUpdate {
  /** The first mistake. */
  readonly report?: ErrorReport;
  readonly verdict?: StateVerdict;
  /** Generated files that were written. */
  readonly written: readonly string[];
}

/** To the thread: these files changed; with none, any may have. */
export interface StateRequest {
  readonly files: readonly string[] | undefined;
}

export interface DevPersistedState {
  /** Brings the artifacts up to date. Undefined: the app has no persisted state. */
  update(files: readonly string[]): Promise<StateUpdate | undefined>;
  close(): Promise<void>;
}

export function devPersistedState(root: string): DevPersistedState {
  let worker: Worker | undefined;
  const persists = (): boolean => existsSync(join(root, MANIFEST_FILE)) || allSources(root).some((file) => mayDeclareState(readFileSync(join(root, file), "utf8")));
  return {
    async update(files) {
      if (worker === undefined && !persists()) return undefined;
      const first = worker === undefined;
      const thread = (worker ??= new Worker(packageFile("dist/state-worker.js"), { workerData: { root } }));
      thread.unref();
      return new Promise<StateUpdate>((resolve) => {
        const settle = (update: StateUpdate): void => {
          thread.off("message", settle);
          thread.off("error", fail);
          resolve(update);
        };
        const fail = (error: Error): void => {
          worker = undefined;
          settle({ report: { title: error.name, message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) }, written: [] });
        };
        thread.on("message", settle);
        thread.on("error", fail);
        thread.postMessage({ files: first ? undefined : files } satisfies StateRequest, []);
      });
    },
    async close() {
      await worker?.terminate();
    },
  };
}
