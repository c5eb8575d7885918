// Nodes of the light DOM: a linked tree with the members that the applier, selectors and tests use. It behaves as a
// browser's DOM does for them; layout and styles do not exist. Mutations of a connected node are told to the
// document's log, before or after they happen as each method of MutationLog says.
import type { Inst } from "../apply/page.js";
import type { LightElement } from "./light-element.js";
import { LightEventTarget } from "./light-event.js";

/** Told about every change below a document. */
export interface MutationLog {
  /** After `nodes`, adjacent siblings, were inserted. */
  inserted(nodes: readonly LightNode[]): void;
  /** Before `node` is removed. */
  removing(node: LightNode): void;
  /** Before `node` moves within its parent; the result is called after it. */
  moving(node: LightNode): () => void;
  /** Before `node` is replaced; the result is called after it. */
  replacing(node: LightNode): (by: readonly LightNode[]) => void;
  /** After the data of a text node changed. */
  text(node: LightNode): void;
  /** After an attribute changed; null is its removal. */
  attribute(el: LightElement, name: string, value: string | null): void;
  /** After a property changed. */
  property(el: LightElement, name: string, value: string | boolean): void;
}

export const ELEMENT = 1;
export const TEXT = 3;
export const COMMENT = 8;
export const DOCUMENT = 9;
export const DOCTYPE = 10;
export const FRAGMENT = 11;

const asNode = (node: LightNode | string): LightNode => (typeof node === "string" ? new LightText(node) : node);

export abstract class LightNode extends LightEventTarget {
  abstract readonly nodeType: number;
  parentNode: LightNode | null = null;
  firstChild: LightNode | null = null;
  lastChild: LightNode | null = null;
  previousSibling: LightNode | null = null;
  nextSibling: LightNode | null = null;
  /** Set by the applier and the client: see DomNode. */
  $v?: Inst;
  $f?: boolean;

  abstract cloneNode(deep?: boolean): LightNode;

  get childNodes(): LightNode[] {
    const nodes: LightNode[] = [];
    for (let node = this.firstChild; node; node = node.nextSibling) nodes.push(node);
    return nodes;
  }

  /** The document, or the top of the detached tree that this node is in. */
  get root(): LightNode {
    let node: LightNode = this;
    while (node.parentNode) node = node.parentNode;
    return node;
  }

  get parentElement(): LightElement | null {
    return this.parentNode?.nodeType === ELEMENT ? (this.parentNode as LightElement) : null;
  }

  protected override get eventParent(): LightEventTarget | null {
    return this.parentNode;
  }

  get isConnected(): boolean {
    return this.root.nodeType === DOCUMENT;
  }

  /** The log of the document that this node is connected to. */
  protected get log(): MutationLog | undefined {
    return this.root.mutations;
  }

  /** Set on documents alone. */
  mutations: MutationLog | undefined;

  get textContent(): string {
    let text = "";
    for (let node = this.firstChild; node; node = node.nextSibling) if (node.nodeType !== COMMENT) text += node.textContent;
    return text;
  }

  set textContent(value: string | null) {
    const only = this.firstChild;
    if (value && only instanceof LightText && !only.nextSibling) {
      only.data = value;
      return;
    }
    while (this.firstChild) this.removeChild(this.firstChild);
    if (value) this.append(value);
  }

  /** Links `node` without telling anyone: the parser's way in. */
  link(node: LightNode, before: LightNode | null): void {
    const previous = before ? before.previousSibling : this.lastChild;
    node.parentNode = this;
    node.previousSibling = previous;
    node.nextSibling = before;
    if (previous) previous.nextSibling = node;
    else this.firstChild = node;
    if (before) before.previousSibling = node;
    else this.lastChild = node;
  }

  /** Takes this node out without telling anyone. */
  unlink(): void {
    const { parentNode, previousSibling, nextSibling } = this;
    if (!parentNode) return;
    if (previousSibling) previousSibling.nextSibling = nextSibling;
    else parentNode.firstChild = nextSibling;
    if (nextSibling) nextSibling.previousSibling = previousSibling;
    else parentNode.lastChild = previousSibling;
    this.parentNode = this.previousSibling = this.nextSibling = null;
  }

  insertBefore(node: LightNode, before: LightNode | null): LightNode {
    if (before && before.parentNode !== this) throw new Error("insertBefore: the reference node is no child of this node");
    if (node.contains(this)) throw new Error("insertBefore: a node cannot hold itself");
    if (node === before) return node;
    if (node.parentNode === this) {
      const moved = this.log?.moving(node);
      node.unlink();
      this.link(node, before);
      moved?.();
      return node;
    }
    node.remove();
    const nodes = node.nodeType === FRAGMENT ? node.childNodes : [node];
    for (const child of nodes) {
      child.unlink();
      this.link(child, before);
    }
    if (nodes.length) this.log?.inserted(nodes);
    return node;
  }

  /** As in browsers: only for a connected node that stays connected. */
  moveBefore(node: LightNode, before: LightNode | null): void {
    if (!this.isConnected || !node.isConnected) throw new Error("moveBefore: the node is not connected");
    this.insertBefore(node, before);
  }

  removeChild(node: LightNode): LightNode {
    if (node.parentNode !== this) throw new Error("removeChild: not a child of this node");
    node.log?.removing(node);
    node.unlink();
    return node;
  }

  appendChild(node: LightNode): LightNode {
    return this.insertBefore(node, null);
  }

  append(node: LightNode | string): void {
    this.insertBefore(asNode(node), null);
  }

  before(node: LightNode | string): void {
    this.parentNode?.insertBefore(asNode(node), this);
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }

  replaceWith(node: LightNode): void {
    const parent = this.parentNode;
    if (!parent) return;
    const replaced = this.log?.replacing(this);
    const nodes = node.nodeType === FRAGMENT ? node.childNodes : [node];
    for (const child of nodes) {
      child.unlink();
      parent.link(child, this);
    }
    this.unlink();
    replaced?.(nodes);
  }

  contains(node: LightNode): boolean {
    for (let at: LightNode | null = node; at; at = at.parentNode) if (at === this) return true;
    return false;
  }

  /** 4 when `other` comes after this node in the tree, 2 when before, 0 for the same, 1 when they have no tree in common. */
  compareDocumentPosition(other: LightNode): number {
    if (other === this) return 0;
    const up = (node: LightNode): LightNode[] => {
      const path: LightNode[] = [];
      for (let at: LightNode | null = node; at; at = at.parentNode) path.unshift(at);
      return path;
    };
    const [mine, theirs] = [up(this), up(other)];
    if (mine[0] !== theirs[0]) return 1;
    let depth = 0;
    while (mine[depth] && mine[depth] === theirs[depth]) depth++;
    const [a, b] = [mine[depth], theirs[depth]];
    if (!a) return 4;
    for (let at: LightNode | null | undefined = b?.previousSibling; b && at; at = at.previousSibling) if (at === a) return 4;
    return 2;
  }

  protected cloneChildren<T extends LightNode>(into: T): T {
    for (let node = this.firstChild; node; node = node.nextSibling) into.link(node.cloneNode(true), null);
    return into;
  }
}

export class LightText extends LightNode {
  readonly nodeType = TEXT;
  #data: string;

  constructor(data: string) {
    super();
    this.#data = data;
  }

  get data(): string {
    return this.#data;
  }

  set data(value: string) {
    if (value === this.#data) return;
    this.#data = value;
    this.log?.text(this);
  }

  override get textContent(): string {
    return this.#data;
  }

  override set textContent(value: string | null) {
    this.data = value ?? "";
  }

  cloneNode(): LightText {
    return new LightText(this.#data);
  }
}

export class LightComment extends LightNode {
  readonly nodeType = COMMENT;
  constructor(readonly data: string) {
    super();
  }

  override get textContent(): string {
    return this.data;
  }

  cloneNode(): LightComment {
    return new LightComment(this.data);
  }
}

export class LightDoctype extends LightNode {
  readonly nodeType = DOCTYPE;
  constructor(readonly name: string) {
    super();
  }

  cloneNode(): LightDoctype {
    return new LightDoctype(this.name);
  }
}

export class LightFragment extends LightNode {
  readonly nodeType = FRAGMENT;

  cloneNode(deep?: boolean): LightFragment {
    const copy = new LightFragment();
    return deep ? this.cloneChildren(copy) : copy;
  }
}
