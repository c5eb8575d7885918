// The default connection status: a polite live region that exists only while a lost connection lasts.
// Invariants: `<html data-vango-status="off">` switches it off; it lies outside <body>, where no patch addresses anything;
// its style is set through the CSSOM, so a strict CSP allows it.
import { STATUS_AFTER } from "../limits.js";
import type { ConnectionDetail } from "../state.js";

/** Shows `#vango-status` when the connection has been lost for 1 s, takes it away when it is back. */
export function watchStatus(): void {
  const root = document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line: HTMLElement | undefined;
  document.addEventListener("vango:connection", (event) => {
    const { state } = (event as CustomEvent<ConnectionDetail>).detail;
    clearTimeout(timer);
    if (!/^(rec|off)/.test(state)) {
      line?.remove();
      line = undefined;
    } else if (root.dataset.vangoStatus !== "off")
      timer = setTimeout(() => {
        if (!line) {
          line = document.createElement("div");
          line.id = "vango-status";
          line.setAttribute("role", "status");
          line.style.cssText = "position:fixed;bottom:1em;left:1em;padding:.5em 1em;background:#222;color:#fff";
          root.append(line);
        }
        // Set after the region stands in the document: screen readers announce changes, not first content.
        line.textContent = state === "offline" ? "You are offline" : "Reconnecting…";
      }, STATUS_AFTER);
  });
}
