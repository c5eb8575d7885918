/**
 * The pages that stand in when an app has no not-found or error page of its own. Plain on purpose; no styles, no scripts.
 */
import { component, html, type Component } from "@vango/core";
import type { Head } from "./route-table.js";
import type { PageProps } from "./resolve.js";

interface BuiltinPage {
  readonly page: Component<PageProps>;
  readonly head: Head;
}

export const builtinNotFoundPage: BuiltinPage = {
  page: component<PageProps>(() => () => html`<main><h1>Not found</h1><p>There is no page at this address.</p></main>`, { name: "NotFound" }),
  head: () => html`<title>Not found</title>`,
};

export const builtinErrorPage: BuiltinPage = {
  page: component<PageProps>(
    (_setup, props) => () => html`<main><h1>Something went wrong</h1><p>${() => props.get().error?.message ?? "The page could not be shown."}</p></main>`,
    { name: "ErrorPage" },
  ),
  head: () => html`<title>Something went wrong</title>`,
};
