// The document of the light DOM.
import { createLightElement, LightElement } from "./light-element.js";
import { DOCUMENT, LightFragment, LightNode } from "./light-node.js";

export class LightDocument extends LightNode {
  readonly nodeType = DOCUMENT;

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
