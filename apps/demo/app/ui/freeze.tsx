// The freeze of the release: one switch for everybody, kept across restarts and deploys.
import { component, type ReadonlySignal } from "@vango/core";
import { workspace } from "../workspace.js";

/**
 * Who has frozen the release, and since when.
 * @schemaId cairn:ReleaseFreeze:v1
 */
export type ReleaseFreeze = { readonly by: string; readonly since: Date } | null;

export const Freeze = component<{ readonly me: ReadonlySignal<string> }>((setup, props) => {
  const freeze = setup.globalSignal<ReleaseFreeze>("release.freeze", null);
  const toggle = (): void => freeze.update((now) => (now === null ? { by: props.peek().me.peek(), since: new Date() } : null));
  return () => {
    const now = freeze.get();
    return (
      <p class="row push" data-testid="freeze">
        <span class="muted" role="status">{now === null ? "" : `Frozen by ${workspace().member(now.by)?.name ?? now.by}`}</span>
        <button type="button" class="button ghost" aria-pressed={now === null ? "false" : "true"} data-testid="freeze-toggle" onClick={toggle}>{now === null ? "Freeze" : "Lift the freeze"}</button>
      </p>
    );
  };
}, { name: "Freeze" });
