// Random pages for property tests: a specification of a view tree over a few signals, interpreted into `html` templates and
// components; and random changes of the signals.
import fc from "fast-check";
import { component, each, html, Boundary } from "../../src/index.js";
import type { Component, Signal, View } from "../../src/index.js";

export interface Item {
  readonly id: number;
  readonly text: string;
  readonly flag: boolean;
}

export type Spec =
  | { k: "text"; s: string }
  | { k: "hole"; v: number }
  | { k: "signal"; v: number }
  | { k: "el"; tag: string; attrs: readonly AttrSpec[]; kids: readonly Spec[] }
  | { k: "cond"; v: number; yes: Spec; no: Spec | null }
  | { k: "each"; list: number; row: RowSpec }
  | { k: "comp"; body: Spec }
  | { k: "bare"; body: Spec }
  | { k: "array"; kids: readonly Spec[]; v: number }
  | { k: "boundary"; body: Spec }
  | { k: "fragment"; kids: readonly Spec[] };

export type AttrSpec = { name: string; v: number };
export type RowSpec = { shape: "flat" | "wide" | "comp" | "cond" | "nested" | "text" | "selected" };

export interface Model {
  nums: number[];
  lists: Item[][];
}

const text = fc.constantFrom("a", "b ", " c", "x & y", "<i>", "é✓", "'q\"");
const attrName = fc.constantFrom("title", "class", "hidden", "data-n", "href", "style", "aria-label", "...");
const attr: fc.Arbitrary<AttrSpec> = fc.record({ name: attrName, v: fc.nat(3) });
const row: fc.Arbitrary<RowSpec> = fc.record({
  shape: fc.constantFrom("flat", "wide", "comp", "cond", "nested", "text", "selected") as fc.Arbitrary<RowSpec["shape"]>,
});

export const specs = fc.letrec<{ node: Spec; block: Spec }>((tie) => ({
  node: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    { weight: 1, arbitrary: fc.record({ k: fc.constant("text" as const), s: text }) },
    { weight: 1, arbitrary: fc.record({ k: fc.constant("hole" as const), v: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ k: fc.constant("signal" as const), v: fc.nat(3) }) },
    { weight: 2, arbitrary: tie("block") },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("cond" as const), v: fc.nat(3), yes: tie("node"), no: fc.option(tie("node"), { nil: null }) }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("each" as const), list: fc.nat(1), row }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("comp" as const), body: tie("node") }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("bare" as const), body: tie("node") }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("array" as const), kids: fc.array(tie("node"), { maxLength: 3 }), v: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("boundary" as const), body: tie("node") }) },
    { weight: 2, arbitrary: fc.record({ k: fc.constant("fragment" as const), kids: fc.array(tie("node"), { maxLength: 3 }) }) },
  ),
  block: fc.record({
    k: fc.constant("el" as const),
    tag: fc.constantFrom("div", "section", "span"),
    attrs: fc.uniqueArray(attr, { maxLength: 2, selector: (a) => a.name }),
    kids: fc.array(tie("node"), { maxLength: 4 }),
  }),
})) as { node: fc.Arbitrary<Spec>; block: fc.Arbitrary<Spec> };

/** A whole page: enough of everything that one part can disturb another. */
export const page: fc.Arbitrary<Spec> = fc.record({
  k: fc.constant("el" as const),
  tag: fc.constant("section"),
  attrs: fc.uniqueArray(attr, { maxLength: 2, selector: (a) => a.name }),
  kids: fc.array(specs.node, { minLength: 2, maxLength: 5, size: "medium" }),
});

export const item: fc.Arbitrary<Item> = fc.record({ id: fc.nat(30), text, flag: fc.boolean() });
export const items = fc.uniqueArray(item, { maxLength: 8, selector: (i) => i.id });
export const model: fc.Arbitrary<Model> = fc.record({
  nums: fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 4, maxLength: 4 }),
  lists: fc.array(items, { minLength: 2, maxLength: 2 }),
});

export type Change =
  | { c: "num"; v: number; to: number }
  | { c: "list"; list: number; to: Item[] }
  | { c: "shuffle"; list: number; by: number }
  | { c: "edit"; list: number; at: number; text: string; flag: boolean }
  | { c: "remove"; list: number; at: number }
  | { c: "insert"; list: number; at: number; item: Item }
  | { c: "swap"; list: number; a: number; b: number };

export const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ c: fc.constant("num" as const), v: fc.nat(3), to: fc.integer({ min: -1, max: 4 }) }),
  fc.record({ c: fc.constant("list" as const), list: fc.nat(1), to: items }),
  fc.record({ c: fc.constant("shuffle" as const), list: fc.nat(1), by: fc.nat(7) }),
  fc.record({ c: fc.constant("edit" as const), list: fc.nat(1), at: fc.nat(7), text, flag: fc.boolean() }),
  fc.record({ c: fc.constant("remove" as const), list: fc.nat(1), at: fc.nat(7) }),
  fc.record({ c: fc.constant("insert" as const), list: fc.nat(1), at: fc.nat(8), item }),
  fc.record({ c: fc.constant("swap" as const), list: fc.nat(1), a: fc.nat(7), b: fc.nat(7) }),
);

export function applyChange(m: Model, ch: Change): Model {
  // A boundary that failed stays failed until it is reset; a fresh render would try again. So number 3 stays at 4.
  if (ch.c === "num" && ch.v === 3 && m.nums[3] === 4) return m;
  if (ch.c === "num") return { ...m, nums: m.nums.map((n, i) => (i === ch.v ? ch.to : n)) };
  const list = m.lists[ch.list] ?? [];
  const n = list.length;
  const put = (next: Item[]): Model => ({ ...m, lists: m.lists.map((l, i) => (i === ch.list ? next : l)) });
  switch (ch.c) {
    case "list":
      return put(ch.to);
    case "shuffle":
      return put(list.map((_, i) => list[(i * 5 + ch.by) % n] as Item).filter((x, i, all) => all.indexOf(x) === i));
    case "edit":
      return n === 0 ? m : put(list.map((x, i) => (i === ch.at % n ? { ...x, text: ch.text, flag: ch.flag } : x)));
    case "remove":
      return n === 0 ? m : put(list.filter((_, i) => i !== ch.at % n));
    case "insert":
      return list.some((x) => x.id === ch.item.id) ? m : put([...list.slice(0, ch.at), ch.item, ...list.slice(ch.at)]);
    case "swap": {
      if (n < 2) return m;
      const next = list.slice();
      const a = ch.a % n;
      const b = ch.b % n;
      [next[a], next[b]] = [next[b] as Item, next[a] as Item];
      return put(next);
    }
  }
}

/** What a test does to a page, and what the page tells of its clicks. */
export interface Controls {
  set?: (m: Model) => void;
  /** Called by every click handler with the element's `data-who` of the render that the handler belongs to. */
  clicked?: (who: string) => void;
}

/** Every element of a page has a click handler, which tells the very text that its attribute `data-who` shows. */
const names = new WeakMap<object, string>();
let named = 0;
function nameOf(spec: object): string {
  let name = names.get(spec);
  if (name === undefined) names.set(spec, (name = `el${++named}`));
  return name;
}

const templates = new Map<string, TemplateStringsArray>();
/** One strings array per text, as the language makes one per call site. */
function strings(parts: string[]): TemplateStringsArray {
  const key = JSON.stringify(parts);
  let made = templates.get(key);
  if (made === undefined) {
    made = Object.assign(parts, { raw: parts });
    templates.set(key, made);
  }
  return made;
}

/** The application of a specification; `controls.set` writes a model inside a handler. */
export function pageOf(spec: Spec, initial: Model, controls?: Controls): Component<object> {
  return component((setup) => {
    const nums = initial.nums.map((n, i) => setup.signal(n, { name: `n${i}` }));
    const lists = initial.lists.map((l) => setup.signal<readonly Item[]>(l));
    const selector = setup.selector(nums[0] as Signal<number>);
    const num = (v: number): Signal<number> => nums[v] as Signal<number>;
    if (controls !== undefined) {
      controls.set = (m) => {
        m.nums.forEach((n, i) => num(i).set(n));
        m.lists.forEach((l, i) => (lists[i] as Signal<readonly Item[]>).set(l));
      };
    }
    const Wrap = component<{ body: () => View; n: Signal<number> }>((own, props) => {
      const local = own.signal(0);
      return () => html`<em title=${() => props.get().n.get()}>${local}${() => props.get().body()}</em>`;
    });
    const Bare = component<{ body: () => View }>((_, props) => () => props.get().body());
    const Row = component<{ item: Item }>((_, props) => () => html`<li data-who=${() => `row ${props.get().item.id}`} onClick=${() => controls?.clicked?.(`row ${props.peek().item.id}`)}>${() => props.get().item.text}</li>`);
    const tell = (who: string) => (): void => controls?.clicked?.(who);
    const rowView = (shape: RowSpec["shape"], t: Item): View => {
      switch (shape) {
        case "flat": {
          const who = `flat ${t.id} ${t.text}`;
          return html`<li class=${{ on: t.flag }} data-who=${who} onClick=${tell(who)}>${t.id}: ${t.text}</li>`;
        }
        case "wide":
          return html`<p>${t.text}</p><p hidden=${t.flag} data-who=${`wide ${t.id}`} onClick=${tell(`wide ${t.id}`)}>${num(1)}</p>`;
        case "comp":
          return html`<${Row} item=${t} />`;
        case "cond":
          return t.flag
            ? html`<b data-who=${`b ${t.id}`} onClick=${tell(`b ${t.id}`)}>${t.text}</b>`
            : html`<i title=${t.text} data-who=${`i ${t.id}`} onClick=${tell(`i ${t.id}`)}>${t.id}</i>`;
        case "nested":
          return html`<div data-who=${`nested ${t.id}`} onClick=${tell(`nested ${t.id}`)}>${t.text}${() => (num(2).get() > 1 ? html`<u>${num(2)}</u>` : null)}${each(lists[1] as Signal<readonly Item[]>, (x) => x.id, (x) => html`<s data-who=${`s ${t.id} ${x.id}`} onClick=${tell(`s ${t.id} ${x.id}`)}>${x.text}</s>`)}</div>`;
        case "text":
          return t.text;
        case "selected":
          return html`<li class=${selector.is(t.id) ? "sel" : ""} data-who=${`sel ${t.id}`} onClick=${tell(`sel ${t.id}`)}>${t.text}</li>`;
      }
    };
    const build = (s: Spec): View => {
      switch (s.k) {
        case "text":
          return s.s;
        case "hole":
          return html`${() => num(s.v).get()}` as View;
        case "signal":
          return num(s.v);
        case "cond":
          return html`${() => (num(s.v).get() > 1 ? build(s.yes) : s.no === null ? null : build(s.no))}`;
        case "each":
          return each(lists[s.list] as Signal<readonly Item[]>, (t) => t.id, (t) => rowView(s.row.shape, t));
        case "comp":
          return html`<${Wrap} n=${num(0)} body=${() => build(s.body)} />`;
        case "bare":
          return html`<${Bare} body=${() => build(s.body)} />`;
        case "array":
          return html`${() => s.kids.map((kid, i) => ((num(s.v).get() + i) % 3 === 0 ? null : build(kid)))}`;
        case "boundary":
          return html`<${Boundary} fallback=${() => "failed"}><div>${() => (num(3).get() === 4 ? fail() : build(s.body))}</div></${Boundary}>`;
        case "fragment":
          return s.kids.map(build);
        case "el": {
          const values: unknown[] = [];
          const parts: string[] = [`<${s.tag}`];
          for (const a of s.attrs) {
            parts[parts.length - 1] += a.name === "..." ? " ..." : ` ${a.name}=`;
            values.push(attrValue(a));
            parts.push("");
          }
          const name = nameOf(s);
          parts[parts.length - 1] += " data-who=";
          values.push(() => `${name} ${num(1).get()}`);
          parts.push(" onClick=");
          values.push(() => controls?.clicked?.(`${name} ${num(1).peek()}`));
          parts.push(">");
          for (const kid of s.kids) {
            values.push(kid.k === "text" ? kid.s : () => build(kid));
            parts.push("");
          }
          parts[parts.length - 1] += `</${s.tag}>`;
          return html(strings(parts), ...values);
        }
      }
    };
    const attrValue = (a: AttrSpec): unknown => {
      switch (a.name) {
        case "class":
          return () => ({ even: num(a.v).get() % 2 === 0, big: num(a.v).get() > 2 });
        case "hidden":
          return () => num(a.v).get() > 1;
        case "...":
          return () => (num(a.v).get() > 1 ? { lang: "en", "data-v": num(a.v).get() } : { dir: num(a.v).get() < 0 ? null : "ltr", onClick: 1 });
        case "style":
          return () => (num(a.v).get() > 0 ? { width: `${num(a.v).get()}px` } : null);
        case "href":
          return () => (num(a.v).get() === 3 ? "javascript:alert(1)" : `/x/${num(a.v).get()}`);
        default:
          return () => (num(a.v).get() < 0 ? null : num(a.v).get());
      }
    };
    return () => html`<main>${() => build(spec)}</main>`;
  });
}

function fail(): never {
  throw new Error("boundary test");
}
