// Link: an anchor whose click is a navigation inside the session. Without a live connection the browser follows it natively.
import { html } from "../template/html.js";
import { component } from "./component.js";
import type { Component, LinkProps } from "./types.js";

/**
 * A link to another page of the app.
 *
 * @example
 * <Link href="/issues/7" class="title">Issue 7</Link>
 */
export const Link: Component<LinkProps> = component<LinkProps>(
  (_setup, props) => () =>
    html`<a href=${() => props.get().href} class=${() => props.get().class} data-vango-link=${() => (props.get().replace === true ? "replace" : "")} data-vango-scroll=${() => (props.get().scroll === false ? "0" : null)}>${() => props.get().children}</a>`,
  { name: "Link" },
);
