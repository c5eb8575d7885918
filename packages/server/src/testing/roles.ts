/**
 * Roles and accessible names of the light DOM, as far as tests look for them: the implicit role of each element and the
 * usual sources of a name, without the corners of the accname specification.
 */
import type { LightElement } from "@vango/core/testing";
import { below, closest } from "@vango/client/testing";

const ROLES: Readonly<Record<string, string>> = {
  article: "article", aside: "complementary", button: "button", caption: "caption", dialog: "dialog", details: "group", dl: "list", fieldset: "group",
  figure: "figure", footer: "contentinfo", form: "form", h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading", h6: "heading",
  header: "banner", hr: "separator", img: "img", li: "listitem", main: "main", menu: "list", meter: "meter", nav: "navigation", ol: "list",
  optgroup: "group", option: "option", output: "status", p: "paragraph", progress: "progressbar", search: "search", section: "region",
  summary: "button", table: "table", tbody: "rowgroup", td: "cell", textarea: "textbox", tfoot: "rowgroup", thead: "rowgroup", tr: "row", ul: "list",
};
const INPUTS: Readonly<Record<string, string>> = {
  button: "button", checkbox: "checkbox", image: "button", number: "spinbutton", radio: "radio", range: "slider", reset: "button",
  search: "searchbox", submit: "button",
};
/** Elements whose text is their name. */
const NAMED_BY_TEXT = /^(button|link|heading|listitem|cell|columnheader|rowheader|row|option|tab|menuitem|checkbox|radio|switch|caption|paragraph|treeitem)$/;

export const normal = (text: string): string => text.replace(/\s+/g, " ").trim();

export function roleOf(el: LightElement): string | undefined {
  const given = el.getAttribute("role");
  if (given !== null && given !== "") return given.split(" ")[0];
  switch (el.localName) {
    case "a":
    case "area":
      return el.hasAttribute("href") ? "link" : undefined;
    case "input": {
      const type = el.getAttribute("type") ?? "text";
      return type === "hidden" ? undefined : (INPUTS[type] ?? (el.hasAttribute("list") ? "combobox" : "textbox"));
    }
    case "select":
      return el.hasAttribute("multiple") || Number(el.getAttribute("size") ?? 1) > 1 ? "listbox" : "combobox";
    case "th":
      return el.getAttribute("scope") === "row" ? "rowheader" : "columnheader";
    default:
      return ROLES[el.localName];
  }
}

const hides = (el: LightElement): boolean =>
  el.hasAttribute("hidden") || el.getAttribute("aria-hidden") === "true" || /^(script|style|template|head)$/.test(el.localName);

/** Hidden from everybody, itself or by an ancestor. */
export const isHidden = (el: LightElement): boolean => closest(el, hides) !== undefined;

/** The text without what is hidden in it. */
export function shownText(el: LightElement): string {
  let text = "";
  for (const node of el.childNodes) {
    if (node.nodeType === 1) text += hides(node as LightElement) ? "" : shownText(node as LightElement);
    else if (node.nodeType === 3) text += node.textContent;
  }
  return text;
}

/** The accessible name. `root` is where labels are looked for. */
export function nameOf(el: LightElement, root: LightElement): string {
  const byId = (id: string): LightElement | undefined => [...below(root)].find((other) => other.getAttribute("id") === id);
  const labelled = el.getAttribute("aria-labelledby");
  if (labelled !== null) return normal(labelled.split(/\s+/).map((id) => byId(id)?.textContent ?? "").join(" "));
  const label = el.getAttribute("aria-label");
  if (label !== null && label.trim() !== "") return normal(label);
  if (/^(input|select|textarea|meter|progress|output)$/.test(el.localName)) {
    const type = el.getAttribute("type") ?? "";
    if (/^(submit|button|reset)$/.test(type)) return normal(el.getAttribute("value") ?? type);
    const id = el.getAttribute("id");
    const labels = [...below(root)].filter((other) => other.localName === "label" && ((id !== null && other.getAttribute("for") === id) || [...below(other)].includes(el)));
    if (labels.length > 0) return normal(labels.map((other) => other.textContent).join(" "));
    return normal(el.getAttribute("title") ?? el.getAttribute("placeholder") ?? "");
  }
  const first = { fieldset: "legend", table: "caption", figure: "figcaption", details: "summary" }[el.localName];
  const naming = first === undefined ? undefined : el.children.find((child) => child.localName === first);
  if (naming !== undefined) return normal(naming.textContent);
  if (el.localName === "img") return normal(el.getAttribute("alt") ?? el.getAttribute("title") ?? "");
  if (NAMED_BY_TEXT.test(roleOf(el) ?? "")) {
    const images = [...below(el)].map((child) => child.getAttribute("alt") ?? "").join(" ");
    const text = normal(`${shownText(el)} ${images}`);
    if (text !== "") return text;
  }
  return normal(el.getAttribute("title") ?? "");
}
