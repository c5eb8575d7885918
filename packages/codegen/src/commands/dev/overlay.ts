// What a browser sees of a failed app: a whole page for a navigation, an overlay over a page that is already open.
// The error's text is only ever set as text, never as HTML.

import type { ErrorReport } from "../report.js";

/** Path of the script below and of the event stream it listens to. Under /_vango/, which the framework owns. */
export const DEV_SCRIPT = "/_vango/dev.js";
export const DEV_EVENTS = "/_vango/dev";

const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The page for a navigation while the app cannot run. It reloads by itself when the app runs again. */
export function errorPage(report: ErrorReport): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(report.title)}</title><script type="module" src="${DEV_SCRIPT}"></script></head>`
    + `<body style="background:#15131a"><noscript><pre style="color:#fff">${escape([report.title, report.message, report.frame, report.why, report.fix].filter(Boolean).join("\n\n"))}</pre></noscript></body></html>`;
}

/** The browser's part: shows errors, and in a corner what a deploy would do to persisted state; reloads the page when the app was restarted. No dependency, no inline script. */
export const devScript = `
const style = "position:fixed;inset:0;z-index:2147483647;overflow:auto;padding:6vh 8vw;background:#15131af2;color:#eee;font:15px/1.6 ui-monospace,monospace;text-align:left";
let host, generation;
function part(parent, tag, css, text) {
  if (!text) return;
  const node = document.createElement(tag);
  node.style.cssText = css; node.textContent = text;
  parent.append(node);
}
function hide() { host?.remove(); host = undefined; }
function show(report) {
  hide();
  host = document.createElement("vango-dev-error");
  const box = document.createElement("div");
  box.style.cssText = style; box.setAttribute("role", "alert"); box.tabIndex = -1;
  part(box, "div", "color:#ff7b8a;font-size:14px;letter-spacing:.04em", report.title);
  part(box, "div", "font-size:19px;margin:.3em 0 1em;white-space:pre-wrap", report.message);
  part(box, "div", "color:#a9a3ba", report.at);
  part(box, "pre", "background:#221f2b;padding:1em;border-radius:6px;overflow:auto", report.frame);
  part(box, "div", "white-space:pre-wrap", report.why && "Why: " + report.why);
  part(box, "div", "white-space:pre-wrap;color:#9be29b", report.fix && "Fix: " + report.fix);
  part(box, "pre", "color:#a9a3ba;white-space:pre-wrap", !report.frame && !report.fix && report.stack);
  part(box, "div", "margin-top:2em;color:#a9a3ba", "This page returns when the file is saved. Escape hides this.");
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  host.attachShadow({ mode: "open" }).append(box);
  document.documentElement.append(host);
  box.focus();
}
let badge;
function verdict(state) {
  badge?.remove(); badge = undefined;
  if (!state?.changes.length) return;
  badge = document.createElement("vango-dev-state");
  const box = document.createElement("details");
  box.style.cssText = "position:fixed;right:12px;bottom:12px;z-index:2147483646;max-width:min(46em,90vw);max-height:60vh;overflow:auto;padding:.5em .9em;border-radius:8px;background:#15131aee;color:#eee;font:13px/1.5 ui-monospace,monospace;border-left:4px solid " + (state.cold ? "#ff7b8a" : "#9be29b");
  part(box, "summary", "cursor:pointer", state.summary);
  for (const change of state.changes) part(box, "div", "margin-top:.6em;white-space:pre-wrap;color:#c9c4d6", change);
  badge.attachShadow({ mode: "open" }).append(box);
  document.documentElement.append(badge);
}
new EventSource("${DEV_EVENTS}").addEventListener("state", (event) => {
  const state = JSON.parse(event.data);
  if (state.kind === "failed") { generation ??= state.generation; return show(state.report); }
  if (state.kind !== "running") return;
  verdict(state.verdict);
  if (host || (generation !== undefined && generation !== state.generation)) return location.reload();
  generation = state.generation;
});
`;
