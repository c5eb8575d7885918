// `vango dev`: routes generated, the app run from source behind a port that stays open, restarted on change.
// One cycle at a time: a change during a restart starts one more when it is done.

import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeRoutes } from "../../routes/generate.js";
import { scanRoutes } from "../../routes/scan.js";
import { BINDINGS_FILE } from "../../state/artifacts/model.js";
import type { Listen } from "../options.js";
import { listenError } from "../port.js";
import { appSecret, SECRET_VARIABLE } from "../secret.js";
import { formatReport, reportOf, type ErrorReport } from "../report.js";
import { sourceCheck } from "./check-sources.js";
import { createFront } from "./front.js";
import { devPersistedState, type StateUpdate, type StateVerdict } from "./persisted-state.js";
import { stateCell } from "./state.js";
import { supervise } from "./supervisor.js";
import { watchSources } from "./watch.js";

export interface DevOptions extends Listen { readonly root: string }

/** Starts development. Resolves when the first start is done, well or not; the process goes on until a signal. @throws VangoError `VANGO_PORT_TAKEN`, `VANGO_NO_ROUTES` */
export async function dev({ root, port, host }: DevOptions): Promise<void> {
  scanRoutes(root); // an app without routes is a mistake of the command line, not something to wait for
  const state = stateCell();
  const front = createFront(state);
  await new Promise<void>((resolve, reject) => {
    front.server.once("error", (error) => reject(listenError(error, { port, host }) as Error));
    front.server.listen({ port, host }, resolve);
  });
  const address = front.server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;

  const fail = (report: ErrorReport) => {
    console.error(formatReport(report));
    state.set({ kind: "failed", report });
  };
  const secret = appSecret(root, process.env);
  const app = supervise({
    root,
    env: secret === undefined ? {} : { [SECRET_VARIABLE]: secret.value },
    onCrash: fail,
    onImport: (path) => watcher.add(path),
  });
  const check = sourceCheck(root);
  const persisted = devPersistedState(root);
  let said = "";
  const sayVerdict = ({ summary, changes }: StateVerdict) => {
    const text = changes.length === 0 ? "" : `state: ${summary} (\`vango state plan\` explains)`;
    if (text !== said && text !== "") console.log(text);
    said = text;
  };

  const cycle = async (files: readonly string[]): Promise<void> => {
    const begun = performance.now();
    state.set({ kind: "starting" });
    try {
      const { routes } = writeRoutes(root);
      const broken = check(files);
      if (broken !== undefined) {
        fail(broken);
        return;
      }
      const updating = persisted.update(files);
      // at the first start the committed bindings are most often fresh: the app need not wait for the types
      const update = files.length === 0 && existsSync(join(root, BINDINGS_FILE)) ? undefined : await updating;
      if (update?.report !== undefined) {
        fail(update.report);
        return;
      }
      const result = await app.restart();
      if ("error" in result) {
        fail(result.error);
        return;
      }
      running(result.port, update?.verdict);
      if (update === undefined) void updating.then((late) => afterStart(result.port, late));
      const time = `${Math.round(performance.now() - begun)} ms`;
      const names = files.length > 2 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : files.join(", ");
      console.log(files.length === 0 ? `ready in ${time}, ${routes.length} routes: ${url}` : `restarted in ${time}: ${names}`);
    } catch (error) {
      fail(reportOf(error));
    }
  };

  const running = (at: number, verdict: StateVerdict | undefined) => {
    state.set({ kind: "running", port: at, ...(verdict === undefined ? {} : { verdict }) });
    if (verdict !== undefined) sayVerdict(verdict);
  };
  /** The bindings with which the app was started may turn out to be stale. */
  const afterStart = (at: number, late: StateUpdate | undefined) => {
    if (late?.report !== undefined) fail(late.report);
    else if (late !== undefined && late.written.length > 0) request(late.written);
    else if (late?.verdict !== undefined) sayVerdict(late.verdict);
    const now = state.get();
    if (late?.verdict !== undefined && now.kind === "running" && now.port === at) state.tell({ ...now, verdict: late.verdict });
  };

  let queue = Promise.resolve();
  let next: Set<string> | undefined;
  const request = (files: readonly string[]) => {
    if (next !== undefined) {
      for (const file of files) next.add(file);
      return;
    }
    next = new Set(files);
    queue = queue.then(() => {
      const batch = [...(next ?? [])];
      next = undefined;
      return cycle(batch);
    });
  };

  const watcher = watchSources(root, request);
  stopOnSignal(async () => {
    front.close();
    await Promise.all([watcher.close(), app.stop(), persisted.close()]);
  });
  await watcher.ready;
  request([]);
  await queue;
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(() => process.exit(0), () => process.exit(1));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
