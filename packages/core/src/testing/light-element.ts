// Elements of the light DOM. Form controls have the properties that patches set; setting one writes through to the
// attribute, because what SSR says with attributes a patch says with properties, and both must serialise alike.
import { fillElement } from "./light-parse.js";
import { matchesLight, selectLight } from "./light-select.js";
import { serialiseChildren } from "./light-serialise.js";
import { LightEvent } from "./light-event.js";
import { DOCUMENT, ELEMENT, LightFragment, LightNode } from "./light-node.js";

/** What of a document elements reach; the class is in a file above this one. */
interface Holder {
  focused: LightElement | null;
  readonly baseURI: string;
}

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

  get id(): string {
    return this.attributes.get("id") ?? "";
  }

  set id(value: string) {
    this.setAttribute("id", value);
  }

  /** `data-*` attributes by their names in camel case. */
  get dataset(): Record<string, string | undefined> {
    return datasetOf(this);
  }

  #style: { cssText: string } | undefined;

  /** Kept, never laid out. */
  get style(): { cssText: string } {
    return (this.#style ??= { cssText: "" });
  }

  get tabIndex(): number {
    return Number(this.attributes.get("tabindex") ?? (/^(a|button|input|select|textarea)$/.test(this.localName) ? 0 : -1));
  }

  set tabIndex(value: number) {
    this.setAttribute("tabindex", String(value));
  }

  protected get holder(): Holder | undefined {
    const { root } = this;
    return root.nodeType === DOCUMENT ? (root as unknown as Holder) : undefined;
  }

  focus(): void {
    const { holder } = this;
    if (!holder || holder.focused === this) return;
    holder.focused?.blur();
    holder.focused = this;
    this.dispatchEvent(new LightEvent("focus"));
    this.dispatchEvent(new LightEvent("focusin", { bubbles: true }));
  }

  blur(): void {
    const { holder } = this;
    if (holder?.focused !== this) return;
    holder.focused = null;
    this.dispatchEvent(new LightEvent("blur"));
    this.dispatchEvent(new LightEvent("focusout", { bubbles: true }));
  }

  scrollIntoView(): void {
    // Nothing is laid out.
  }

  matches(css: string): boolean {
    return matchesLight(this, css);
  }

  closest(css: string): LightElement | null {
    for (let at: LightElement | null = this; at; at = at.parentElement) if (at.matches(css)) return at;
    return null;
  }

  querySelectorAll(css: string): LightElement[] {
    return selectLight(this, css);
  }

  querySelector(css: string): LightElement | null {
    return selectLight(this, css)[0] ?? null;
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

const dataName = (name: string): string => `data-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

const datasetOf = (el: LightElement): Record<string, string | undefined> =>
  new Proxy<Record<string, string | undefined>>({}, {
    get: (_, name) => (typeof name === "string" ? el.attributes.get(dataName(name)) : undefined),
    has: (_, name) => typeof name === "string" && el.attributes.has(dataName(name)),
    set(_, name, value) {
      if (typeof name === "string") el.setAttribute(dataName(name), String(value));
      return typeof name === "string";
    },
    deleteProperty(_, name) {
      if (typeof name === "string") el.removeAttribute(dataName(name));
      return true;
    },
  });

/** A link: its address in parts, resolved against its document. */
export class LightAnchor extends LightElement {
  get #url(): URL | undefined {
    const href = this.attributes.get("href");
    const base = this.holder?.baseURI;
    return href !== undefined && URL.canParse(href, base) ? new URL(href, base) : undefined;
  }

  get href(): string {
    return this.#url?.href ?? this.attributes.get("href") ?? "";
  }
  get origin(): string {
    return this.#url?.origin ?? "";
  }
  get pathname(): string {
    return this.#url?.pathname ?? "";
  }
  get search(): string {
    return this.#url?.search ?? "";
  }
  get hash(): string {
    return this.#url?.hash ?? "";
  }
  get target(): string {
    return this.attributes.get("target") ?? "";
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
  /** What the document said before the property was set; absent while the attribute still says it. */
  #default: string | undefined;
  #defaultFlags: Record<string, boolean> | undefined;

  override setAttribute(name: string, value: string): void {
    if (name === "value") this.#default = undefined;
    if (this.#defaultFlags) delete this.#defaultFlags[name];
    super.setAttribute(name, value);
  }

  override removeAttribute(name: string): void {
    if (name === "value") this.#default = undefined;
    if (this.#defaultFlags) delete this.#defaultFlags[name];
    super.removeAttribute(name);
  }

  get name(): string {
    return this.attributes.get("name") ?? "";
  }

  get type(): string {
    const type = this.attributes.get("type")?.toLowerCase();
    switch (this.localName) {
      case "input":
        return type ?? "text";
      case "button":
        return type ?? "submit";
      case "select":
        return this.attributes.has("multiple") ? "select-multiple" : "select-one";
      default:
        return this.localName;
    }
  }

  get form(): LightElement | null {
    return this.closest("form");
  }

  get defaultValue(): string {
    return this.#default ?? this.value;
  }

  get defaultChecked(): boolean {
    return this.#defaultFlags?.["checked"] ?? this.checked;
  }

  get defaultSelected(): boolean {
    return this.#defaultFlags?.["selected"] ?? this.selected;
  }

  /** Of a select: its options. */
  get options(): LightControl[] | undefined {
    return this.localName === "select" ? (this.querySelectorAll("option") as LightControl[]) : undefined;
  }

  get selectedIndex(): number {
    const options = this.options ?? [];
    const value = this.attributes.get("value");
    const at = options.findLastIndex((option) => (value === undefined ? option.selected : option.value === value));
    return at < 0 && options.length > 0 ? 0 : at;
  }

  #flag(name: string, value: boolean): void {
    const flags = (this.#defaultFlags ??= {});
    flags[name] ??= this.attributes.has(name);
    if (value) this.attributes.set(name, "");
    else this.attributes.delete(name);
    this.log?.property(this, name, value);
  }

  get value(): string {
    if (this.localName === "textarea") return this.textContent;
    const value = this.attributes.get("value");
    if (value !== undefined) return value;
    if (this.localName === "option") return this.textContent.trim();
    return this.localName === "select" ? (this.options?.[this.selectedIndex]?.value ?? "") : "";
  }

  set value(value: string) {
    const log = this.log;
    this.#default ??= this.value;
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
    if (name === "a") return new LightAnchor(name);
    if (CONTROLS.has(name)) return new LightControl(name);
  }
  return new LightElement(name, namespace);
}
