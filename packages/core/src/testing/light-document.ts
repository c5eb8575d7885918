// The document of the light DOM: what a script finds on `document`, as far as the browser runtime and tests ask for it.
import { createLightElement, LightElement } from "./light-element.js";
import type { LightEventTarget } from "./light-event.js";
import { DOCUMENT, LightComment, LightFragment, LightNode, LightText } from "./light-node.js";
import { selectLight } from "./light-select.js";

export class LightDocument extends LightNode {
  readonly nodeType = DOCUMENT;
  /** The window that shows the document; events bubble to it. */
  defaultView: LightEventTarget | null = null;
  /** What relative addresses of links are resolved against. */
  baseURI = "http://localhost/";
  hidden = false;
  readyState = "complete";
  currentScript: unknown = null;
  /** The element with the focus. */
  focused: LightElement | null = null;

  protected override get eventParent(): LightEventTarget | null {
    return this.defaultView;
  }

  get visibilityState(): string {
    return this.hidden ? "hidden" : "visible";
  }

  /** The focused element, while it stands in the document; else the body, as in a browser. */
  get activeElement(): LightElement | null {
    return this.focused?.root === this ? this.focused : (this.documentElement?.children.find((el) => el.localName === "body") ?? null);
  }

  get documentElement(): LightElement | null {
    return this.childNodes.find((node) => node instanceof LightElement) ?? null;
  }

  #part(name: string): LightElement {
    const part = this.documentElement?.children.find((el) => el.localName === name);
    if (!part) throw new Error(`The document has no ${name}`);
    return part;
  }

  get head(): LightElement {
    return this.#part("head");
  }

  get body(): LightElement {
    return this.#part("body");
  }

  createElement(name: string): LightElement {
    return createLightElement(name.toLowerCase());
  }

  createTextNode(data: string): LightText {
    return new LightText(data);
  }

  createComment(data: string): LightComment {
    return new LightComment(data);
  }

  getElementById(id: string): LightElement | null {
    const find = (parent: LightNode): LightElement | null => {
      for (let node = parent.firstChild; node; node = node.nextSibling) {
        if (!(node instanceof LightElement)) continue;
        const found = node.id === id ? node : find(node);
        if (found) return found;
      }
      return null;
    };
    return id === "" ? null : find(this);
  }

  querySelectorAll(css: string): LightElement[] {
    return selectLight(this, css);
  }

  querySelector(css: string): LightElement | null {
    return selectLight(this, css)[0] ?? null;
  }

  createDocumentFragment(): LightFragment {
    return new LightFragment();
  }

  importNode(node: LightNode, deep: boolean): LightNode {
    return node.cloneNode(deep);
  }

  cloneNode(deep?: boolean): LightDocument {
    const copy = new LightDocument();
    return deep ? this.cloneChildren(copy) : copy;
  }
}
