// CSS selectors on the light DOM, by css-select.
import { compile, selectAll, type Options } from "css-select";
import { HTML_NS, LightElement } from "./light-element.js";
import type { LightNode } from "./light-node.js";

const options: Options<LightNode, LightElement> = {
  // Nodes change between queries.
  cacheResults: false,
  adapter: {
    isTag: (node) => node instanceof LightElement,
    getAttributeValue: (el, name) => el.attributes.get(name),
    hasAttrib: (el, name) => el.attributes.has(name),
    getChildren: (node) => node.childNodes,
    getName: (el) => (el.namespaceURI === HTML_NS ? el.localName : el.localName.toLowerCase()),
    getParent: (el) => el.parentNode,
    getSiblings: (node) => node.parentNode?.childNodes ?? [node],
    getText: (node) => node.textContent,
    removeSubsets: (nodes) => nodes.filter((node) => !nodes.some((other) => other !== node && other.contains(node))),
  },
};

type Query = ReturnType<typeof compile<LightNode, LightElement>>;

/** Selectors that were used, compiled: a test asks for the same few again and again. Emptied when it has grown. */
const compiled = new Map<string, Query>();
const MAX_COMPILED = 500;

function queryOf(css: string): Query {
  let query = compiled.get(css);
  if (query === undefined) {
    if (compiled.size === MAX_COMPILED) compiled.clear();
    compiled.set(css, (query = compile<LightNode, LightElement>(css, options)));
  }
  return query;
}

/** All elements under `root` that match, in document order. */
export const selectLight = (root: LightNode, css: string): LightElement[] => selectAll(queryOf(css), root.childNodes, options);

/** Whether an element matches. */
export const matchesLight = (el: LightElement, css: string): boolean => queryOf(css)(el);
