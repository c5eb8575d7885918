// Puts the runtime together: take over, capture, connect. One document has one runtime, so the modules keep their state
// themselves; a test loads them anew for each document.
import { BOOT_ID } from "@vango/core/protocol";
import { connect, lose } from "./connection.js";
import { capture } from "./events.js";
import { begin, settled } from "./session.js";
import { codeOf, report } from "./emit.js";
import type { Install } from "./part.js";
import { setState, state, type State } from "./state.js";
import { VERSION } from "./version.js";

/** `globalThis.vango`: what a page may ask of the runtime. */
export interface VangoGlobal {
  readonly version: string;
  readonly state: State;
  /** Connects now, also after a refusal. */
  reconnect(): void;
  /** Resolves when the page is live and every event, waiting debounced ones included, is acknowledged and applied; at once when refused. */
  settled(): Promise<void>;
}

/**
 * Takes the document over, connects and sets `globalThis.vango`. `load` gets the runtime's second file, `base` is the app's base path, such as `/app`. A page
 * that does not fit its boot blob stays as the server rendered it: `vango:error` says why, the state is `refused`.
 * @example
 * start(async () => (await import("/_vango/client-more.js")).install, "/app");
 */
export function start(load: () => Promise<Install>, base = ""): void {
  (globalThis as { vango?: VangoGlobal }).vango = {
    version: VERSION,
    get state() {
      return state!;
    },
    reconnect: () => lose("", 0),
    settled,
  };
  try {
    begin(document.getElementById(BOOT_ID)?.textContent ?? "", base, load);
  } catch (error) {
    const code = codeOf(error, "VANGO_BOOT");
    report(code, String(error));
    return setState("refused", code);
  }
  capture();
  connect(base);
}
