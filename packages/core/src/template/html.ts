// The `html` tagged template: the same templates and slots as compiled JSX, with no build step.
// Invariant: one TemplateStringsArray is parsed once; holes keep their value, functions are called by the slot they fill.
import { child, compose, list, view, type Evaluator } from "../view/view-node.js";
import type { JSXElement, ReadonlySignal } from "../view/types.js";
import type { AttrValue, ChildNode, Part, SlotValue, StaticValue } from "./ast.js";
import { buildTemplate } from "./build.js";
import { defineTemplate, type Template } from "./define.js";
import { templateError, TemplateFaultError } from "./errors.js";
import { codeFrame, placeOf } from "./frame.js";
import { HOLE, parseHtml, type ComponentHole, type HtmlHole } from "./html-parse.js";
import { templateId } from "./hash.js";
import { EVENT } from "./kinds.js";

type Values = readonly unknown[];

/** Makes the view of one piece of markup from the values of a call. */
type Maker = (values: Values) => unknown;

const makers = new WeakMap<TemplateStringsArray, Maker>();

/**
 * Markup as a tagged template. Names are those of JSX, event options are suffixes, holes that shall react are signals or
 * functions. Parsed once per place in the code.
 *
 * @throws VANGO_TPL_… with the place in the markup.
 * @example
 * html`<button class="primary" onClick.once=${save} disabled=${() => saving.get()}>Save</button>`
 * html`<${Card} title="Hello"><p>${name}</p></>`
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): JSXElement {
  let make = makers.get(strings);
  if (make === undefined) {
    make = compileHtml(strings);
    makers.set(strings, make);
  }
  return make(values) as JSXElement;
}

function compileHtml(strings: TemplateStringsArray): Maker {
  const source = strings.map((s, i) => s ?? strings.raw[i] ?? "").join(HOLE);
  if (source.split(HOLE).length !== strings.length) throw templateError("VANGO_TPL_SYNTAX", { message: "The markup holds the noncharacter U+FDD0." });
  try {
    return makerOf(parseHtml(source).roots);
  } catch (error) {
    if (!(error instanceof TemplateFaultError)) throw error;
    throw htmlError(source, error);
  }
}

function htmlError(source: string, error: TemplateFaultError): Error {
  const { code, message, loc } = error.fault;
  const shown = source.replaceAll(HOLE, "${…}");
  const offset = loc + (source.slice(0, loc).split(HOLE).length - 1) * ("${…}".length - 1);
  const { line, column } = placeOf(shown, offset);
  return templateError(code, { message: `${message}\n${codeFrame(shown, offset)}`, at: `html template, line ${line}, column ${column}` });
}

/** A fragment as JSX gives it: one component is itself, holes alone are a list, anything else is a view. */
function makerOf(roots: readonly ChildNode<HtmlHole>[]): Maker {
  const only = roots.length === 1 ? roots[0] : undefined;
  if (only?.type === "hole" && typeof only.hole !== "number") return holeMaker(only.hole);
  if (roots.length > 0 && roots.every((n) => n.type === "hole")) {
    const parts = roots.map((n) => holeMaker(n.hole));
    return (values) => list(...parts.map((make) => make(values)));
  }
  return viewMaker(roots, undefined);
}

function viewMaker(roots: readonly ChildNode<HtmlHole>[], key: Maker | undefined): Maker {
  const { def, order } = buildTemplate(roots);
  const full = defineTemplate(def.id, def.statics, def.table);
  const plan = order.map((value, i) => slotPlan(full, i, value));
  const pick = full.eventSlots.length === 0 ? undefined : byArity(full, plan);
  return (values) => {
    const template = pick === undefined ? full : pick(values);
    const ev: Evaluator = (i) => {
      const step = plan[i];
      if (typeof step === "number") {
        const value = values[step];
        return typeof value === "function" && template.kinds[i] !== EVENT ? (value as () => unknown)() : value;
      }
      return step?.(values);
    };
    return key === undefined ? view(template, ev) : view(template, ev, key(values) as string | number);
  };
}

/**
 * A handler without parameters reads nothing of the event, so nothing of it needs to cross the wire: the template of such a
 * call says so, as the compiler does. One variant for each set of such handlers; in practice a place has one.
 */
function byArity(full: Template, plan: readonly (number | Maker)[]): (values: Values) => Template {
  const variants = new Map<string, Template>();
  const slots = full.eventSlots.filter((slot) => typeof plan[slot] === "number");
  let lastKey = "";
  let last = full;
  return (values) => {
    let key = "";
    for (const slot of slots) {
      const handler = values[plan[slot] as number];
      if (typeof handler === "function" && handler.length === 0) key += `${slot},`;
    }
    if (key === lastKey) return last;
    let variant = variants.get(key);
    if (variant === undefined) {
      const silent = new Set(key.split(",").filter((slot) => slot !== "").map(Number));
      const table = full.table.split(" ").map((part, i) => (key !== "" && i > 0 && silent.has(i - 1) && part.endsWith(":") ? `${part}-` : part)).join(" ");
      variant = defineTemplate(table === full.table ? full.id : templateId(full.statics, table), full.statics, table);
      variants.set(key, variant);
    }
    lastKey = key;
    last = variant;
    return variant;
  };
}

/** The commonest slot is one value: its index alone. */
function slotPlan(template: Template, i: number, value: SlotValue<HtmlHole>): number | Maker {
  switch (value.type) {
    case "hole":
      return typeof value.hole === "number" ? value.hole : holeMaker(value.hole);
    case "const":
      return () => value.value;
    case "run": {
      const parts = value.parts.map(partMaker);
      return (values) => compose(...parts.map((make) => make(values)));
    }
    case "join":
      return joinMaker(value.name, value.parts);
    case "merge": {
      const entries = value.entries.map((entry): ((values: Values, into: Record<string, unknown>) => void) => {
        if ("spread" in entry) {
          const make = holeMaker(entry.spread);
          return (values, into) => void Object.assign(into, plain(make(values)));
        }
        const make = valueMaker(entry.name, entry.value);
        return (values, into) => void (into[entry.name] = make(values));
      });
      return (values) => {
        const into: Record<string, unknown> = {};
        for (const add of entries) add(values, into);
        return into;
      };
    }
  }
}

function holeMaker(hole: HtmlHole): Maker {
  if (typeof hole === "number") return (values) => called(values[hole]);
  if (hole.type === "component") return componentMaker(hole);
  return viewMaker([hole.element], valueMaker("key", hole.key));
}

const called = (value: unknown): unknown => (typeof value === "function" ? (value as () => unknown)() : value);

const isSignal = (value: unknown): value is ReadonlySignal<unknown> => typeof value === "object" && value !== null && "get" in value && "peek" in value;

const plain = (value: unknown): unknown => (isSignal(value) ? value.get() : value);

function partMaker(part: Part<HtmlHole>): Maker {
  return "text" in part ? () => part.text : holeMaker(part.hole);
}

function valueMaker(name: string, value: StaticValue | AttrValue<HtmlHole>): Maker {
  if (value === null || typeof value !== "object") return () => value;
  return "hole" in value ? holeMaker(value.hole) : joinMaker(name, value.parts);
}

/** `"a ${b}"`: text, where nothing is the empty text. A class with lists or objects in it stays a list. */
function joinMaker(name: string, parts: readonly Part<HtmlHole>[]): Maker {
  const makers = parts.map(partMaker);
  return (values) => {
    const got = makers.map((make) => plain(make(values)));
    if (name === "class" && got.some((v) => typeof v === "object" && v !== null)) return got;
    return got.map((v) => (v === null || v === undefined || v === false ? "" : String(v))).join("");
  };
}

/** Props keep functions as they are (callbacks); children are views, so functions among them are called. */
function componentMaker(hole: ComponentHole): Maker {
  const entries = hole.props.map((prop) => {
    if ("spread" in prop) return { name: "", make: (values: Values) => values[prop.spread], lazy: false };
    const { name, value } = prop;
    const direct = value !== null && typeof value === "object" && "hole" in value && typeof value.hole === "number" ? value.hole : undefined;
    return direct === undefined
      ? { name, make: valueMaker(name, value), lazy: value !== null && typeof value === "object" }
      : { name, make: (values: Values) => values[direct], lazy: false };
  });
  const children = hole.children.length === 0 ? undefined : childrenMaker(hole.children);
  // A boundary guards what its children do, so nothing of them may run with its props: they are a view, evaluated below it.
  const guarded = hole.children.some((n) => n.type === "hole") ? viewMaker(hole.children, undefined) : undefined;
  const key = hole.key === undefined ? undefined : valueMaker("key", hole.key);
  const lazy = entries.some((e) => e.lazy) || hole.children.some((n) => n.type === "hole");
  return (values) => {
    const type = values[hole.component];
    if (typeof type !== "function") throw templateError("VANGO_TPL_SYNTAX", { message: "The value in <${…}> is not a component." });
    const props = (): Record<string, unknown> => {
      const out: Record<string, unknown> = {};
      for (const { name, make } of entries) {
        if (name === "") Object.assign(out, plain(make(values)));
        else out[name] = make(values);
      }
      if (children !== undefined) out["children"] = guarded !== undefined && "boundary" in type ? guarded(values) : children(values);
      return out;
    };
    const given = lazy ? props : props();
    const k = key?.(values) as string | number | undefined;
    return child(type as Parameters<typeof child>[0], given, k);
  };
}

/** The prop `children` as JSX gives it: a text is a string, one hole its value, else as a fragment. */
function childrenMaker(children: readonly ChildNode<HtmlHole>[]): Maker {
  const only = children.length === 1 ? children[0] : undefined;
  if (only?.type === "text") return () => only.text;
  if (only?.type === "hole") return holeMaker(only.hole);
  return makerOf(children);
}
