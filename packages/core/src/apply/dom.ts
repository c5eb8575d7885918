// The few DOM members that the applier uses, typed structurally: a browser's DOM satisfies these interfaces, and so
// does the light DOM of the recording sink. Nothing here exists at run time but the two tests at the end.
import type { Inst } from "./page.js";

export interface DomNode {
  readonly nodeType: number;
  readonly firstChild: DomNode | null;
  readonly lastChild: DomNode | null;
  readonly nextSibling: DomNode | null;
  readonly previousSibling: DomNode | null;
  readonly parentNode: DomNode | null;
  readonly isConnected: boolean;
  textContent: string | null;
  insertBefore(node: DomNode, before: DomNode | null): unknown;
  moveBefore?(node: DomNode, before: DomNode | null): unknown;
  appendChild(node: DomNode): unknown;
  /** Of elements and fragments. */
  readonly childNodes?: Iterable<DomNode>;
  /** Of elements, text nodes and comments. */
  before?(node: DomNode | string): void;
  remove?(): void;
  replaceWith?(node: DomNode): void;
  /** Text of text nodes and comments. */
  data?: string;
  /** Of elements. */
  readonly localName?: string;
  /** The instance whose root node this is: set on every root element and root anchor of an instance, on no other node. */
  $v?: Inst;
  /** Set by the client on what others inserted into the live page: it is counted by no path. */
  $f?: boolean;
}

export interface DomElement extends DomNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  innerHTML: string;
  getAttributeNames(): string[];
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
}

/** What `createElement("template")` gives. */
export interface DomTemplate extends DomElement {
  readonly content: DomNode;
}

export interface DomDocument {
  readonly documentElement: DomElement | null;
  createElement(name: string): DomElement;
  createDocumentFragment(): DomNode;
  importNode(node: DomNode, deep: boolean): DomNode;
}

/** A framework anchor: a comment without data. */
export const isAnchor = (node: DomNode): boolean => node.nodeType === 8 && node.data === "";

/** Elements and anchors count in a path; text, foreign comments and what is known as foreign do not. */
export const counts = (node: DomNode): boolean => !node.$f && (node.nodeType === 1 || isAnchor(node));
