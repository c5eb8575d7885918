// The JSX namespace that TypeScript finds through `@vango/core/jsx-runtime`.
// Invariant: an element is a JSXElement, a child is a View, an attribute name is the HTML name.

import type { JSXElement, View } from "./contract.js";
import type { Elements } from "./elements.gen.js";

export declare namespace JSX {
  /** What a JSX expression gives. */
  type Element = JSXElement;

  /** What may stand as a tag: an element's name, a component, or a plain function that returns a view. */
  type ElementType = keyof IntrinsicElements | ((props: never) => View);

  /** Attributes every tag takes. `key` is the identity of a child among its siblings. */
  interface IntrinsicAttributes { key?: string | number | undefined }

  /** Names the prop that holds what stands between the tags. */
  interface ElementChildrenAttribute { children: unknown }

  /** The elements of HTML, SVG and MathML, and custom elements. */
  interface IntrinsicElements extends Elements {}
}
