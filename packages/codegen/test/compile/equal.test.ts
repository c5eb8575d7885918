// JSX1: compiled JSX and `html` give the same template, byte for byte, and the same slot values.
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { html } from "@vango/core/internal";
import { runJsx } from "./run-jsx.js";

/** A piece of a page in both languages; `values` are the holes of the html form, in order. */
interface Piece { readonly jsx: string; readonly html: string; readonly values: readonly unknown[] }

const HOLE = "\u0000";
const piece = (jsx: string, markup: string, ...values: unknown[]): Piece => ({ jsx, html: markup, values });
const joined = (pieces: readonly Piece[], separator = ""): Piece => ({
  jsx: pieces.map((p) => p.jsx).join(separator),
  html: pieces.map((p) => p.html).join(separator),
  values: pieces.flatMap((p) => p.values),
});

const Card = Object.assign((): unknown => null, { setup: () => () => null, label: "Card" });
const signal = { get: () => "sig", peek: () => "sig" };
// A named handler tells the compiler nothing of what it reads, and with a parameter it tells `html` nothing either.
const handler = (_event: unknown): void => undefined;
const scope: Record<string, unknown> = {
  Card, ns: { Card }, handler, signal, text: "t<&", number: 5, nothing: null, flag: false, list: ["a", "b"], objects: { on: true, off: false }, props: { id: "p", title: "q" },
  call: () => "called", zero: 0,
};

const valueNames = ["text", "number", "nothing", "flag", "signal", "zero"];
const dynamic: fc.Arbitrary<Piece> = fc.oneof(
  fc.constantFrom(...valueNames).map((n) => piece(`{${n}}`, HOLE, scope[n])),
  fc.constant(piece("{call()}", HOLE, scope["call"])),
  fc.constant(piece("{call() + text}", HOLE, () => "calledt<&")),
);

const source = fc
  .array(fc.constantFrom("a", "b ", " ", "\n", "\n   ", "\t", "é", "𝄞", "&amp;", "&lt;", "&nbsp;", "&#32;", "&#x41;", "&copy;", "x.y", ";", "'", '"', "/", "\u2028", "\\n", "$"), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(""));

const text = source.map((s) => piece(s, s));
/** Ends a text in html as braces and fragments do in JSX: whitespace is trimmed text by text. */
const SPLIT = "<!-- -->";
const literal = fc
  .constantFrom(["{\"  lit <b> \"}", "&#32;&#32;lit&#32;&lt;b&gt;&#32;"], ["{7}", "7"], ["{null}", ""], ["{false}{undefined}", ""], ["{/* note */}", ""], ["{`a\nb`}", "a&#10;b"], ["{-1}", "-1"])
  .map(([jsx = "", markup = ""]) => piece(jsx, SPLIT + markup + SPLIT));

const named = (name: string): fc.Arbitrary<Piece> =>
  fc.oneof(
    source.filter((s) => !s.includes('"')).map((s) => piece(`${name}="${s}"`, `${name}="${s}"`)),
    fc.constant(piece(`${name}={5}`, `${name}="5"`)),
    fc.constantFrom(...valueNames).map((n) => piece(`${name}={${n}}`, `${name}=${HOLE}`, scope[n])),
    fc.constant(piece(`${name}={call()}`, `${name}='${HOLE}'`, scope["call"])),
    fc.constant(piece(name, name)),
  );

const EVENTS: readonly (readonly [string, string])[] = [
  ["onClick={handler}", `onClick=${HOLE}`],
  ["onInput={on({ debounce: 300, preventDefault: true }, handler)}", `onInput.prevent.debounce-300=${HOLE}`],
  ["onKeyDown={on({ keys: [\"Enter\", \" \"], stopPropagation: true }, handler)}", `onKeyDown.stop.keys-Enter+Space=${HOLE}`],
];

const attribute: fc.Arbitrary<readonly [string, Piece]> = fc.oneof(
  fc.constantFrom("id", "title", "data-x", "aria-label", "hidden", "class", "style", "href", "tabIndex", "contenteditable").chain((n) => named(n).map((p) => [n, p] as const)),
  fc.constant(["class", piece("class={objects}", `class=${HOLE}`, scope["objects"])] as const),
  fc.constant(["class", piece("class={`a ${text} b`}", `class="a ${HOLE} b"`, scope["text"])] as const),
  fc.constantFrom(...EVENTS).map(([jsx, markup]) => [jsx.slice(0, 6), piece(jsx, markup, handler)] as const),
  fc.constant(["spread", piece("{...props}", `...${HOLE}`, scope["props"])] as const),
);
const attributes = fc.uniqueArray(attribute, { selector: ([name]) => name, maxLength: 4 }).map((list) => joined(list.map(([, p]) => piece(` ${p.jsx}`, ` ${p.html}`, ...p.values))));
const key = fc.option(fc.constantFrom(piece(" key={number}", ` key=${HOLE}`, scope["number"]), piece(' key="k"', ' key="k"')), { nil: piece("", ""), freq: 8 });

const wrap = (tag: string, attrs: Piece, children: Piece): Piece =>
  joined([piece(`<${tag}`, `<${tag}`), attrs, piece(">", ">"), children, piece(`</${tag}>`, `</${tag}>`)]);

const { node, children } = fc.letrec<{ node: Piece; children: Piece; element: Piece; component: Piece; special: Piece }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, text, dynamic, literal, tie("element"), tie("component"), tie("special")),
  children: fc.array(tie("node"), { maxLength: 4 }).map((list) => joined(list)),
  element: fc.tuple(fc.constantFrom("div", "span", "section", "b", "custom-tag", "article"), key, attributes, tie("children")).map(([tag, k, attrs, inner]) => wrap(tag, joined([k, attrs]), inner)),
  component: fc
    .tuple(fc.constantFrom("Card", "ns.Card"), key, fc.uniqueArray(fc.tuple(fc.constantFrom("a", "onPick", "data-b"), fc.constantFrom("number", "handler", "text")), { selector: ([n]) => n, maxLength: 2 }), tie("children"))
    .map(([name, k, props, inner]) => {
      const given = joined(props.map(([n, v]) => piece(` ${n}={${v}}`, ` ${n}=${HOLE}`, scope[v])));
      return joined([piece(`<${name}`, `<${HOLE}`, Card), k, given, piece(">", ">"), inner, piece(`</${name}>`, "</>")]);
    }),
  special: fc.oneof(
    attributes.map((a) => joined([piece("<br", "<br"), a, piece("/>", ">")])),
    dynamic.map((d) => joined([piece('<input type="checkbox" checked={flag} value=', `<input type="checkbox" checked=${HOLE} value=`, false), d, piece("/>", ">")])),
    dynamic.map((d) => joined([piece("<textarea class={text} value=", `<textarea class=${HOLE} value=`, scope["text"]), d, piece(" rows={3}></textarea>", ' rows="3"></textarea>')])),
    fc.tuple(dynamic, text).map(([d, t]) => joined([piece("<textarea>", "<textarea>"), t, d, piece("</textarea>", "</textarea>")])),
    dynamic.map((d) => joined([piece('<select value="a"><option selected={flag}>', `<select value="a"><option selected=${HOLE}>`, false), d, piece("</option></select>", "</option></select>")])),
    dynamic.map((d) => joined([piece('<svg viewBox="0 0 1 1"><circle r=', '<svg viewBox="0 0 1 1"><circle r='), d, piece("/><g>", "/><g>"), d, piece("</g></svg>", "</g></svg>")])),
    dynamic.map((d) => joined([piece("<table><tbody>\n <tr><td>", "<table><tbody>\n <tr><td>"), d, piece("</td></tr></tbody></table>", "</td></tr></tbody></table>")])),
    tie("children").map((c) => joined([piece("<>", SPLIT), c, piece("</>", SPLIT)])),
    fc.constant(piece("<div innerHTML={nothing} />", `<div innerHTML=${HOLE} />`, null)),
  ),
}));

/** Reads a view with all that is below it. */
function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== "object" || value === null || value === signal) return value;
  if ("template" in value) {
    const { template, ev, key: k } = value as { template: { id: string; statics: readonly string[]; table: string; slotCount: number; kinds: Uint8Array }; ev(i: number): unknown; key: unknown };
    return { id: template.id, statics: template.statics, table: template.table, key: k, slots: Array.from({ length: template.slotCount }, (_, i) => read(ev(i))) };
  }
  if ("type" in value && "props" in value) {
    const { type, props, key: k } = value as { type: unknown; props: unknown; key: unknown };
    const given = (typeof props === "function" ? (props as () => object)() : props) as Record<string, unknown>;
    return { type, key: k, props: Object.fromEntries(Object.entries(given).map(([n, v]) => [n, read(v)])) };
  }
  return value;
}

function viaHtml(p: Piece): unknown {
  const strings = p.html.split(HOLE);
  return html(Object.assign(strings, { raw: strings }) as unknown as TemplateStringsArray, ...p.values);
}

function viaJsx(p: Piece): unknown {
  return runJsx(p.jsx, scope, 'import { on } from "@vango/core"; ');
}

describe("compiled JSX ≡ html", { timeout: 120_000 }, () => {
  test("JSX1: random trees give equal templates and equal slot values", () => {
    let slots = 0;
    fc.assert(
      fc.property(fc.tuple(attributes, children), ([attrs, inner]) => {
        const p = wrap("main", attrs, inner);
        const a = read(viaJsx(p));
        expect(a).toEqual(read(viaHtml(p)));
        slots += (a as { slots: unknown[] }).slots.length;
      }),
      { numRuns: 2000, seed: 20261122 },
    );
    expect(slots).toBeGreaterThan(1500);
  });

  test("JSX1: fragments too", () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 3 }), (nodes) => {
        const inner = joined(nodes);
        expect(read(viaJsx({ ...inner, jsx: `<>${inner.jsx}</>` }))).toEqual(read(viaHtml(inner)));
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
