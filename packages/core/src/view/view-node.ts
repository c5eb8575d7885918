// The three things a view can be besides text: an instance of a template (ViewNode), a component with its props
// (ComponentView), a keyed list (EachView). They are short-lived descriptions; the live tree and SSR read them once.
import type { Template } from "../template/define.js";
import type { JSXElement, ReadonlySignal, View } from "./types.js";
import type { ComponentType } from "./component-type.js";

/** Gives the current value of slot `i`. Pure; called with tracking. */
export type Evaluator = (i: number) => unknown;

export class ViewNode implements JSXElement {
  declare readonly __vango: "view";
  constructor(
    readonly template: Template,
    readonly ev: Evaluator,
    readonly key: string | number | undefined,
  ) {}
}

export type Props = Readonly<Record<string, unknown>>;

export class ComponentView implements JSXElement {
  declare readonly __vango: "view";
  constructor(
    readonly type: ComponentType,
    /** Literal props, or a function that is one computation of its own. */
    readonly props: Props | (() => Props),
    readonly key: string | number | undefined,
  ) {}
}

export class EachView implements JSXElement {
  declare readonly __vango: "view";
  constructor(
    readonly list: ReadonlySignal<readonly unknown[]> | readonly unknown[],
    readonly keyOf: (item: unknown) => string | number,
    readonly row: (item: unknown) => View,
  ) {}
}

/** A view of a template: what compiled JSX and `html` call. */
export function view(template: Template, ev: Evaluator, key?: string | number): JSXElement {
  return new ViewNode(template, ev, key);
}

/** A component's view; a plain function as type is a stateless helper and is called at once, inside the slot that holds it. */
export function child(
  type: ComponentType | ((props: never) => View),
  props: Props | (() => Props) | null,
  key?: string | number,
): View {
  const given = props ?? NO_PROPS;
  if ("setup" in type) return new ComponentView(type as ComponentType, given, key);
  return (type as (props: Props) => View)(typeof given === "function" ? given() : given);
}

const NO_PROPS: Props = Object.freeze({});

/** Value of a run of texts and holes: one string when every part is primitive, else the parts as an array. */
export function compose(...parts: readonly unknown[]): unknown {
  let text = "";
  for (let i = 0; i < parts.length; i++) {
    let part = parts[i];
    if (typeof part === "object" && part !== null && "peek" in part && !(part instanceof Array)) {
      part = (part as ReadonlySignal<unknown>).get();
    }
    switch (typeof part) {
      case "string":
        text += part;
        break;
      case "number":
      case "bigint":
        text += String(part);
        break;
      case "undefined":
        break;
      default:
        if (part === null || part === false) break;
        return parts;
    }
  }
  return text;
}

/** Value of a fragment: its children as one list. */
export function list(...parts: readonly unknown[]): unknown {
  return parts;
}
