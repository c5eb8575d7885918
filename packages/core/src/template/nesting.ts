// Parser stability: a template is refused when the HTML parser would move, close or drop one of its nodes.
// The rules follow the tree construction chapter of the HTML standard, a little stricter where browsers differ.
import type { ChildNode } from "./ast.js";
import { fault } from "./errors.js";
import { existsIn, REFUSED_TAGS, rootNamespace, type Namespace } from "./names.js";

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Start tags that close an open `<p>`. */
const CLOSES_P = set(
  "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp",
);

/** Ancestors that hide an outer `<p>` from those rules ("button scope"). */
const BUTTON_SCOPE = set("applet button caption html marquee object table td template th foreignObject desc title mi mo mn ms mtext");

/** The only parents a table part may have; a template's root may be any of them. */
const REQUIRED_PARENT: Readonly<Record<string, ReadonlySet<string>>> = {
  caption: set("table"),
  colgroup: set("table"),
  col: set("colgroup"),
  tbody: set("table"),
  thead: set("table"),
  tfoot: set("table"),
  tr: set("tbody thead tfoot"),
  td: set("tr"),
  th: set("tr"),
};

/** The only element children of these parents. */
const ALLOWED_CHILDREN: Readonly<Record<string, ReadonlySet<string>>> = {
  table: set("caption colgroup tbody thead tfoot script style template"),
  tbody: set("tr script style template"),
  thead: set("tr script style template"),
  tfoot: set("tr script style template"),
  tr: set("td th script style template"),
  colgroup: set("col template"),
  select: set("option optgroup hr script template"),
  // A parser ends the group at an `hr`.
  optgroup: set("option script template"),
  option: set("script template"),
};

/** Parents in which text would be moved out. */
const NO_TEXT = set("table tbody thead tfoot tr colgroup");

const SELECT_PART = set("option optgroup");

/** Elements that cannot hold themselves at any depth. */
const NOT_IN_ITSELF = set("a button form label nobr select");

/** Elements that the parser closes when it meets their like, within a list. */
const SIBLINGS: Readonly<Record<string, { readonly closes: ReadonlySet<string>; readonly until: ReadonlySet<string> }>> = {
  li: { closes: set("li"), until: set("ul ol menu") },
  dt: { closes: set("dt dd"), until: set("dl") },
  dd: { closes: set("dt dd"), until: set("dl") },
  rt: { closes: set("rt rp rb rtc dd dt li option optgroup p"), until: set("ruby") },
  rp: { closes: set("rt rp rb rtc dd dt li option optgroup p"), until: set("ruby") },
};

/** Elements at which the search for an unclosed list item stops ("special" without address, div, p). */
const LIST_BARRIER = set(
  "applet article aside blockquote button caption center col colgroup details dialog dir dl fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup listing main marquee menu nav object ol pre search section select summary table tbody td template tfoot th thead tr ul foreignObject",
);

/** The open elements above a node, innermost first. */
export class Context {
  constructor(
    readonly tag: string,
    readonly ns: Namespace,
    readonly parent: Context | undefined,
  ) {}

  /** The children that the parser keeps: between the parts of a table, blanks vanish and text is refused. */
  kept<H>(nodes: readonly ChildNode<H>[]): readonly ChildNode<H>[] {
    if (this.ns !== "" || !NO_TEXT.has(this.tag)) return nodes;
    return withoutText(nodes, `in <${this.tag}>`);
  }
}

function withoutText<H>(nodes: readonly ChildNode<H>[], where: string): ChildNode<H>[] {
  return nodes.filter((n) => {
    if (n.type === "text" && /[^ \t\n\f\r]/.test(n.text)) fault("VANGO_TPL_NESTING", n.loc, `Text cannot stand ${where}: the parser moves it in front of the table.`);
    return n.type !== "text";
  });
}

/** Above the roots of a template nothing is known. */
export function rootContext(ns: Namespace): Context {
  return new Context("", ns, undefined);
}

const list = (names: ReadonlySet<string>): string => [...names].filter((n) => n !== "script" && n !== "style" && n !== "template").map((n) => `<${n}>`).join(", ");

/** Checks an element against its ancestors and gives the context of its children. */
export function enter(context: Context, tag: string, ns: Namespace, loc: number): Context {
  if (ns !== "") {
    if (context.ns === "" && context.tag !== "") checkAllowed(tag, context.tag, loc);
    if (!existsIn(tag, ns)) fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${ns}>${ns === "svg" ? ": put it into <foreignObject>." : "."}`);
    return new Context(tag, ns, context);
  }
  if (REFUSED_TAGS.has(tag)) {
    fault("VANGO_TPL_NESTING", loc, tag === "image" ? "<image> is an SVG element; in HTML write <img>." : `<${tag}> cannot be part of a template: the framework writes the document.`);
  }
  const foreign = rootNamespace(tag);
  if (foreign !== "") fault("VANGO_TPL_NESTING", loc, `<${tag}> belongs into <${foreign}>.`);
  const parent = context.ns === "" ? context.tag : "";
  if (parent !== "" || context.parent !== undefined) checkParent(tag, parent, context, loc);
  checkAncestors(tag, context, loc);
  return new Context(tag, ns, context);
}

function checkParent(tag: string, parent: string, context: Context, loc: number): void {
  const required = Object.hasOwn(REQUIRED_PARENT, tag) ? REQUIRED_PARENT[tag] : undefined;
  if (required !== undefined && !required.has(parent)) {
    const hint = tag === "tr" && parent === "table" ? "Put it into <tbody>: the parser adds one." : `Its parent must be ${list(required)}.`;
    fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${parent === "" ? context.tag : parent}>. ${hint}`);
  }
  checkAllowed(tag, parent, loc);
  if (SELECT_PART.has(tag) && parent !== "select" && parent !== "optgroup" && parent !== "datalist") {
    fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${parent}>. Its parent must be <select>, <optgroup> or <datalist>.`);
  }
  if (/^h[1-6]$/.test(tag) && /^h[1-6]$/.test(parent)) fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${parent}>: it closes it.`);
}

function checkAllowed(tag: string, parent: string, loc: number): void {
  const allowed = Object.hasOwn(ALLOWED_CHILDREN, parent) ? ALLOWED_CHILDREN[parent] : undefined;
  if (allowed === undefined || allowed.has(tag)) return;
  const hint = list(allowed);
  fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${parent}>. ${hint === "" ? "It takes text only." : `Its children are ${hint}.`}`);
}

function checkAncestors(tag: string, context: Context, loc: number): void {
  let pVisible = CLOSES_P.has(tag);
  let sibling = Object.hasOwn(SIBLINGS, tag) ? SIBLINGS[tag] : undefined;
  const alone = NOT_IN_ITSELF.has(tag);
  for (let up: Context | undefined = context; up !== undefined; up = up.parent) {
    if (pVisible && up.tag === "p") fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <p>: it closes the paragraph. Use <div> or <span>.`);
    if (BUTTON_SCOPE.has(up.tag)) pVisible = false;
    if (alone && up.tag === tag && up.ns === "") fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand inside another <${tag}>.`);
    if (sibling !== undefined) {
      if (sibling.closes.has(up.tag)) fault("VANGO_TPL_NESTING", loc, `<${tag}> cannot stand in <${up.tag}>: it closes it.`);
      if (sibling.until.has(up.tag) || LIST_BARRIER.has(up.tag)) sibling = undefined;
    }
  }
}

/** Groups of tags that can be parsed side by side at the top: the parser needs one parent for all of them. */
const ROOT_PARENT: Readonly<Record<string, string>> = {
  caption: "table", colgroup: "table", tbody: "table", thead: "table", tfoot: "table",
  tr: "tbody", td: "tr", th: "tr", col: "colgroup",
};

/** Roots are parsed together, so they must fit one parent. Gives the roots that the parser keeps. */
export function keptRoots<H>(nodes: readonly ChildNode<H>[], ns: Namespace): readonly ChildNode<H>[] {
  const parentOf = (tag: string): string => (ns === "" && Object.hasOwn(ROOT_PARENT, tag) ? (ROOT_PARENT[tag] ?? "") : "");
  const tags = nodes.flatMap((n) => (n.type === "element" ? [{ tag: n.tag.toLowerCase(), loc: n.loc }] : []));
  const first = tags[0];
  if (first === undefined) return nodes;
  const parent = parentOf(first.tag);
  for (const { tag, loc } of tags) {
    if (parentOf(tag) !== parent) fault("VANGO_TPL_NESTING", loc, `<${tag}> and <${first.tag}> cannot stand side by side.`);
  }
  return parent === "" ? nodes : withoutText(nodes, `next to <${first.tag}>`);
}
