// HTML into the light DOM, by parse5: the standard's own algorithm, so what a browser would move or drop in a page that
// is not parser-stable, the tests see as well.
import { parse, parseFragment, type TreeAdapter, type TreeAdapterTypeMap } from "parse5";
import { LightDocument } from "./light-document.js";
import { createLightElement, LightElement, LightTemplate } from "./light-element.js";
import { LightComment, LightDoctype, LightFragment, LightNode, LightText } from "./light-node.js";

type Map = TreeAdapterTypeMap<
  LightNode,
  LightNode,
  LightNode,
  LightDocument,
  LightFragment,
  LightElement,
  LightComment,
  LightText,
  LightTemplate,
  LightDoctype
>;
type Attributes = Parameters<TreeAdapter<Map>["adoptAttributes"]>[1];
type Namespace = ReturnType<TreeAdapter<Map>["getNamespaceURI"]>;

function setAll(el: LightElement, attributes: Attributes): void {
  for (const { name, prefix, value } of attributes) {
    const full = prefix ? `${prefix}:${name}` : name;
    if (!el.attributes.has(full)) el.attributes.set(full, value);
  }
}

/** Text beside text becomes one node, as in a browser. */
function addText(parent: LightNode, text: string, before: LightNode | null): void {
  const previous = before ? before.previousSibling : parent.lastChild;
  if (previous instanceof LightText) {
    previous.unlink();
    text = previous.data + text;
  }
  parent.link(new LightText(text), before);
}

const adapter: TreeAdapter<Map> = {
  adoptAttributes: setAll,
  appendChild: (parent, node) => {
    node.unlink();
    parent.link(node, null);
  },
  createCommentNode: (data) => new LightComment(data),
  createTextNode: (data) => new LightText(data),
  createDocument: () => new LightDocument(),
  createDocumentFragment: () => new LightFragment(),
  createElement: (name, namespace, attributes) => {
    const el = createLightElement(name, namespace);
    setAll(el, attributes);
    return el;
  },
  detachNode: (node) => node.unlink(),
  getAttrList: (el) => [...el.attributes].map(([name, value]) => ({ name, value })),
  getChildNodes: (node) => node.childNodes,
  getCommentNodeContent: (node) => node.data,
  getDocumentMode: () => "no-quirks" as ReturnType<TreeAdapter<Map>["getDocumentMode"]>,
  getDocumentTypeNodeName: (node) => node.name,
  getDocumentTypeNodePublicId: () => "",
  getDocumentTypeNodeSystemId: () => "",
  getFirstChild: (node) => node.firstChild,
  getNamespaceURI: (el) => el.namespaceURI as Namespace,
  getNodeSourceCodeLocation: () => undefined,
  getParentNode: (node) => node.parentNode,
  getTagName: (el) => el.localName,
  getTextNodeContent: (node) => node.data,
  getTemplateContent: (el) => el.content,
  insertBefore: (parent, node, before) => {
    node.unlink();
    parent.link(node, before);
  },
  insertText: (parent, text) => addText(parent, text, null),
  insertTextBefore: addText,
  isCommentNode: (node) => node instanceof LightComment,
  isDocumentTypeNode: (node) => node instanceof LightDoctype,
  isElementNode: (node) => node instanceof LightElement,
  isTextNode: (node) => node instanceof LightText,
  setDocumentMode: () => undefined,
  setDocumentType: (document, name) => document.link(new LightDoctype(name), null),
  setNodeSourceCodeLocation: () => undefined,
  updateNodeSourceCodeLocation: () => undefined,
  setTemplateContent: (el, content) => {
    el.content = content;
  },
};

/** A whole document. */
export function parseDocument(html: string): LightDocument {
  return parse<Map>(html, { treeAdapter: adapter });
}

/** Parses `html` as the content of `el` and puts it there, without telling the log. */
export function fillElement(el: LightElement, html: string): void {
  const parsed = parseFragment<Map>(el, html, { treeAdapter: adapter });
  const into = el instanceof LightTemplate ? el.content : el;
  for (const node of parsed.childNodes) {
    node.unlink();
    into.link(node, null);
  }
}

/** The nodes of a fragment of HTML. */
export function parseNodes(html: string): LightFragment {
  return parseFragment<Map>(html, { treeAdapter: adapter });
}
