// What application code threw, in words and as an error of ours.
import { coreError } from "./errors.js";
import { VangoError } from "./vango-error.js";

/** What a page's code may reach for as if it ran in the browser. */
const OF_THE_BROWSER = /^(window|document|location|history|navigator|localStorage|sessionStorage|alert|confirm|prompt|requestAnimationFrame|HTMLElement) is not defined$/;

/** What was thrown, in words. Errors of another realm, or sent by another process, are known by their message. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  const name = error instanceof ReferenceError ? OF_THE_BROWSER.exec(error.message)?.[1] : undefined;
  return name === undefined ? error.message : `${error.message}: \`${name}\` is the browser's, and handlers and pages run on the server`;
}

/** What was thrown while a page was set up or rendered. */
export function renderError(error: unknown): VangoError {
  return error instanceof VangoError ? error : coreError("VANGO_RENDER", { message: messageOf(error), cause: error });
}
