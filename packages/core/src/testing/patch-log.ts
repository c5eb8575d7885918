// Turns mutations of a light document into PatchOps. What is next to each other and of one kind is one operation: the
// rows of a run are one insert, removed neighbours one remove.
import type { LightElement } from "./light-element.js";
import { ELEMENT, TEXT, type LightNode, type MutationLog } from "./light-node.js";
import { serialise } from "./light-serialise.js";
import type { PatchOp } from "./patch-op.js";

/** Elements, and texts that are not empty: anchors and comments are not seen. */
const isVisible = (node: LightNode): boolean =>
  node.nodeType === ELEMENT || (node.nodeType === TEXT && node.textContent !== "");

const htmlOf = (nodes: readonly LightNode[]): string => nodes.map((node) => serialise(node, { visible: true })).join("");

function indexOf(node: LightNode): number {
  let index = 0;
  for (let at = node.previousSibling; at; at = at.previousSibling) if (isVisible(at)) index++;
  return index;
}

/** The path of an element from the page's root; of a text, that of its parent and its place in it. */
export function pathOf(node: LightNode): string {
  const parent = node.parentNode;
  if (node.nodeType === TEXT) {
    if (!parent) return "#text";
    const alone = parent.childNodes.every((other) => other === node || !isVisible(other));
    return pathOf(parent) + (alone ? "" : `>#text(${indexOf(node) + 1})`);
  }
  if (node.nodeType !== ELEMENT || !parent) return "";
  const name = (node as LightElement).localName;
  // html, head and body are where a path begins.
  if (parent.nodeType !== ELEMENT || parent.parentNode?.nodeType !== ELEMENT) return name;
  const steps = parent.childNodes.filter((other) => other.nodeType === ELEMENT) as LightElement[];
  // The framework's own scripts stand behind the page's content; they do not make a child one of several.
  const several = steps.filter((el) => el === node || el.localName !== "script").length > 1;
  return `${pathOf(parent)}>${name}${several ? `:nth-child(${steps.indexOf(node as LightElement) + 1})` : ""}`;
}

export class PatchLog implements MutationLog {
  ops: PatchOp[] = [];

  inserted(nodes: readonly LightNode[]): void {
    const seen = nodes.filter(isVisible);
    const first = seen[0];
    const parent = first?.parentNode;
    if (!first || !parent) return;
    if (seen.every((node) => node.nodeType === TEXT)) {
      for (const node of seen) this.text(node);
      return;
    }
    const index = indexOf(first);
    const path = pathOf(parent);
    const html = htmlOf(nodes);
    const last = this.ops.at(-1);
    if (last?.op === "insert" && last.parent === path && last.index + last.count === index) {
      last.count += seen.length;
      last.html += html;
    } else this.ops.push({ op: "insert", parent: path, index, count: seen.length, html });
  }

  removing(node: LightNode): void {
    if (!isVisible(node) || !node.parentNode) return;
    const parent = pathOf(node.parentNode);
    const index = indexOf(node);
    const last = this.ops.at(-1);
    if (last?.op === "remove" && last.parent === parent && (last.index === index || last.index === index + 1)) {
      last.index = index;
      last.count++;
    } else this.ops.push({ op: "remove", parent, index, count: 1 });
  }

  moving(node: LightNode): () => void {
    const from = indexOf(node);
    return () => {
      const to = indexOf(node);
      if (isVisible(node) && from !== to && node.parentNode) this.ops.push({ op: "move", parent: pathOf(node.parentNode), from, to });
    };
  }

  replacing(node: LightNode): (by: readonly LightNode[]) => void {
    if (!isVisible(node)) return (by) => this.inserted(by);
    const at = pathOf(node);
    const parent = node.parentNode ? pathOf(node.parentNode) : "";
    const index = indexOf(node);
    return (by) => {
      if (by.some(isVisible)) this.ops.push({ op: "replace", at, html: htmlOf(by) });
      else this.ops.push({ op: "remove", parent, index, count: 1 });
    };
  }

  text(node: LightNode): void {
    this.ops.push({ op: "text", at: pathOf(node), value: node.textContent });
  }

  attribute(el: LightElement, name: string, value: string | null): void {
    const at = pathOf(el);
    const last = this.ops.at(-1);
    // A property that is emptied loses its attribute as well: one change.
    if (value === null && last?.op === "prop" && last.at === at && last.name === name) last.value = null;
    else this.ops.push({ op: "attr", at, name, value });
  }

  property(el: LightElement, name: string, value: string | boolean): void {
    this.ops.push({ op: "prop", at: pathOf(el), name, value });
  }
}
