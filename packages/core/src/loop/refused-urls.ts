// A refused URL leaves its attribute out and is reported once a turn and attribute name: a list of bad links is one report.
import { coreError } from "../errors.js";
import { urlRefused } from "../live/values.js";
import type { TreeHost } from "../live/tree-host.js";
import { running } from "../reactive/system.js";

const seen = new Set<string>();

/** Where refusals of the pass that runs now are reported: a turn's loop, or the host of a GET. */
export const refusals: { host: TreeHost | undefined } = { host: undefined };

urlRefused.report = (name) => {
  const host = refusals.host ?? (running.loop as TreeHost | undefined);
  if (host === undefined || seen.has(name)) return;
  seen.add(name);
  host.report(coreError("VANGO_UNSAFE_URL", { message: `Attribute "${name}".` }), undefined);
};

/** A turn or pass has ended. */
export function endRefusals(): void {
  if (seen.size > 0) seen.clear();
}
