// Elements of the light DOM. Form controls have the properties that patches set; setting one writes through to the
// attribute, because what SSR says with attributes a patch says with properties, and both must serialise alike.
import { fillElement } from "./light-parse.js";
import { serialiseChildren } from "./light-serialise.js";
import { ELEMENT, LightFragment, LightNode } from "./light-node.js";

export const HTML_NS = "http://www.w3.org/1999/xhtml";

export class LightElement extends LightNode {
  readonly nodeType = ELEMENT;
  /** In the order in which they were first set. */
  readonly attributes = new Map<string, string>();

  constructor(
    readonly localName: string,
    readonly namespaceURI: string = HTML_NS,
  ) {
    super();
  }

  /** HTML elements know attributes in lower case alone. */
  #nameOf(name: string): string {
    return this.namespaceURI === HTML_NS ? name.toLowerCase() : name;
  }

  get children(): LightElement[] {
    return this.childNodes.filter((node) => node instanceof LightElement);
  }

  getAttributeNames(): string[] {
    return [...this.attributes.keys()];
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(this.#nameOf(name)) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  setAttribute(given: string, value: string): void {
    const name = this.#nameOf(given);
    if (!/^[^\s"'<>/=\u0000-\u001f]+$/.test(name)) throw new Error(`setAttribute: "${name}" is not an attribute name`);
    this.attributes.set(name, value);
    this.log?.attribute(this, name, value);
  }

  removeAttribute(given: string): void {
    const name = this.#nameOf(given);
    if (this.attributes.delete(name)) this.log?.attribute(this, name, null);
  }

  get innerHTML(): string {
    return serialiseChildren(this);
  }

  set innerHTML(html: string) {
    this.textContent = "";
    fillElement(this, html);
    const nodes = this.childNodes;
    if (nodes.length) this.log?.inserted(nodes);
  }

  cloneNode(deep?: boolean): LightElement {
    const copy = createLightElement(this.localName, this.namespaceURI);
    for (const [name, value] of this.attributes) copy.attributes.set(name, value);
    return deep ? this.cloneChildren(copy) : copy;
  }
}

/** An element with `content`: parsed nodes go there. */
export class LightTemplate extends LightElement {
  content = new LightFragment();

  override set innerHTML(html: string) {
    this.content = new LightFragment();
    fillElement(this, html);
  }

  override get innerHTML(): string {
    return serialiseChildren(this.content);
  }

  override cloneNode(deep?: boolean): LightElement {
    const copy = super.cloneNode(false) as LightTemplate;
    if (deep) copy.content = this.content.cloneNode(true);
    return copy;
  }
}

/** Input, textarea, select, option and media: elements with live properties. */
export class LightControl extends LightElement {
  #flag(name: string, value: boolean): void {
    if (value) this.attributes.set(name, "");
    else this.attributes.delete(name);
    this.log?.property(this, name, value);
  }

  get value(): string {
    return this.localName === "textarea" ? this.textContent : (this.attributes.get("value") ?? "");
  }

  set value(value: string) {
    const log = this.log;
    if (this.localName === "textarea") {
      for (const node of this.childNodes) node.unlink();
      if (value) {
        const holder = new LightFragment();
        holder.append(value);
        const text = holder.firstChild as LightNode;
        text.unlink();
        this.link(text, null);
      }
    } else this.attributes.set("value", value);
    log?.property(this, "value", value);
  }

  get checked(): boolean {
    return this.attributes.has("checked");
  }

  set checked(value: boolean) {
    this.#flag("checked", value);
  }

  get selected(): boolean {
    return this.attributes.has("selected");
  }

  set selected(value: boolean) {
    this.#flag("selected", value);
  }

  get muted(): boolean {
    return this.attributes.has("muted");
  }

  set muted(value: boolean) {
    this.#flag("muted", value);
  }

  get indeterminate(): boolean {
    return this.attributes.has("indeterminate");
  }

  set indeterminate(value: boolean) {
    this.#flag("indeterminate", value);
  }
}

const CONTROLS = new Set(["input", "textarea", "select", "option", "button", "progress", "meter", "output", "audio", "video"]);

/** The element of the class that its name asks for. */
export function createLightElement(name: string, namespace: string = HTML_NS): LightElement {
  if (namespace === HTML_NS) {
    if (name === "template") return new LightTemplate(name);
    if (CONTROLS.has(name)) return new LightControl(name);
  }
  return new LightElement(name, namespace);
}
