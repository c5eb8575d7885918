/**
 * From a matched page to the two views of the document: the same for GET, join and navigation, so that what the GET
 * rendered is what the session mounts.
 */
import type { View } from "@vango/core";
import { child } from "@vango/core/compiled";
import type { PageMatch } from "./router/resolve.js";

export interface PageViews {
  readonly head: View;
  readonly body: View;
}

/** Layouts around the page, root outermost; heads root first. */
export function pageViews(match: PageMatch): PageViews {
  const { props, layouts, heads } = match;
  let body: View = match.page(props);
  for (let i = layouts.length - 1; i >= 0; i--) {
    const inner: View = body;
    body = layouts[i]?.({ children: inner }) ?? inner;
  }
  // A head may be a component or a plain function: `child` tells them apart, and calls the latter while rendering.
  return { head: heads.map((head) => (typeof head === "function" ? (child(head, props) as View) : head)), body };
}
