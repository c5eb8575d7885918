// SSR: what each kind of slot becomes, what is escaped and refused, and that the live tree describes itself likewise.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, each, html, trustedHtml } from "../../src/index.js";
import type { View } from "../../src/index.js";
import { parseNodes } from "../../src/testing/light-parse.js";
import { selectLight } from "../../src/testing/light-select.js";
import { escapeAttribute, escapeText } from "../../src/ssr/escape.js";
import { model, page, pageOf } from "../live/random-page.js";
import { getPage, openPage, openWith, World } from "../loop/harness.js";
import { atLeast } from "../cases.js";

const body = (view: () => View, world = new World()): string => getPage(component(() => view), world).body;

describe("SSR", () => {
  it("SS1: structure and hashes of any page are those of its live tree; rendering twice gives the same bytes", () => {
    let runs = 0;
    fc.assert(
      fc.property(page, model, (spec, m) => {
        runs++;
        const live = openPage(pageOf(spec, m));
        expect(live.synced).toBe(false);
        const again = getPage(pageOf(spec, m));
        expect([again.body, again.s, again.h, again.t]).toEqual([live.page.body, live.page.s, live.page.h, live.page.t]);
        live.loop.dispose();
      }),
      { numRuns: 1_000, seed: Number(process.env["VANGO_SEED"] ?? 20261122) },
    );
    expect(runs).toBeGreaterThanOrEqual(atLeast(1_000));
  }, 300_000);

  it("SS1: a GET starts no effect, no timer and no subscription, and disposes what it made", () => {
    const log: string[] = [];
    const world = new World();
    const c = component((setup) => {
      setup.effect(() => void log.push("effect"));
      setup.onMount(() => void log.push("mount"));
      setup.timeout(1, () => void log.push("timeout"));
      setup.interval(1, () => void log.push("interval"), { immediate: true });
      setup.subscribe(() => (log.push("source"), () => undefined), () => undefined);
      setup.onCleanup(() => log.push("cleanup"));
      expect(setup.ctx.session.live).toBe(false);
      return () => "x";
    });
    expect(getPage(c, world).body).toBe("x<!>");
    expect([log, world.timers.size, world.frames]).toEqual([["cleanup"], 0, 0]);
  });

  it("SS2, scenario 68: texts and attributes are inert, in SSR and in patches", () => {
    const evil = `<script>alert(1)</script><!--"' onload="x" &amp; \u0000\r</textarea></title>`;
    const { it: page, turn, mirror } = openWith((setup) => {
      const s = setup.signal(evil);
      return { s, view: () => html`<div title=${s} data-x=${s} class=${s} style=${() => ({ color: s.get() })}>${s}<p>${() => [s.get(), html`<b>${s}</b>`]}</p><textarea>${s}</textarea><input value=${s} /></div>` };
    });
    const check = (text: string): void => {
      expect(mirror.select("script:not(#vango-boot)")).toEqual([]);
      expect(mirror.select("body > div *").map((el) => el.localName)).toEqual(["p", "b", "textarea", "input"]);
      expect(mirror.select("div")[0]?.getAttribute("title")).toBe(text);
      expect(mirror.select("[onload]")).toEqual([]);
      expect(mirror.select("b")[0]?.textContent).toBe(text);
    };
    check(evil.replace("\u0000", "\ufffd"));
    turn(() => page.s.set(`2${evil}`));
    check(`2${evil}`);
  });

  it("SS2: escaping keeps any text, in text and in attributes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.array(fc.constantFrom("&", "<", ">", '"', "'", "\r", "\n", "&amp;", "é", "😀", "</p>"), { maxLength: 70 }).map((a) => a.join(""))), (s) => {
        const text = s.replaceAll("\u0000", "");
        const el = selectLight(parseNodes(`<p title="${escapeAttribute(text)}">${escapeText(text)}</p>`), "p")[0];
        expect([el?.textContent, el?.getAttribute("title")]).toEqual([text, text]);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it("SS2, scenario 68: URLs that run code are left out and reported as VANGO_UNSAFE_URL, once a pass and attribute", () => {
    const bad = ["javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "java\u200bscript:x", "vbscript:x", "data:text/html,<script>", "\u0001javascript:x", "file:///etc/passwd", "blob:x"];
    for (const url of bad) {
      const world = new World();
      expect(body(() => html`<a href=${() => url}>x</a><a href=${() => url}>y</a>`, world), JSON.stringify(url)).toBe("<a>x</a><a>y</a>");
      expect(world.codes()).toEqual(["VANGO_UNSAFE_URL"]);
      expect(body(() => html`<a ...${() => ({ href: url })}>x</a>`)).toBe("<a>x</a>");
      expect(body(() => html`<form action=${() => url}><button formaction=${() => url}></button></form>`)).toBe("<form><button></button></form>");
    }
    for (const url of ["/a:b", "https://x.y/?q=javascript:", "mailto:a@b", "#x", "", "tel:1", "?a=b", "a.b/c", "//x"]) {
      expect(body(() => html`<a href=${() => url}>x</a>`)).toBe(`<a href="${url}">x</a>`);
    }
    expect(body(() => html`<img src=${() => "data:image/png;base64,AA"}>`)).toBe('<img src="data:image/png;base64,AA">');
    expect(body(() => html`<img src=${() => "data:image/svg+xml,<svg>"}>`)).toBe("<img>");
    expect(body(() => html`<img ...${() => ({ srcset: "a.png 1x, javascript:x 2x" })}>`)).toBe("<img>");
    const { it: page, turn, world, html: text } = openWith((setup) => {
      const url = setup.signal("/fine");
      return { url, view: () => html`<a href=${url}>x</a>` };
    });
    turn(() => page.url.set("javascript:alert(1)"));
    expect([text(), world.codes()]).toEqual(["<a>x</a>", ["VANGO_UNSAFE_URL"]]);
  });

  it("SS4: class, style, boolean, aria, data and enumerated attributes", () => {
    const attr = (view: () => View): string => body(view).replace(/^<\w+|>x?<\/\w+>$/g, "");
    expect(attr(() => html`<p class=${() => ["a", false, null, { b: true, c: 0 }, ["d"]]}>x</p>`)).toBe(' class="a b d"');
    expect(attr(() => html`<p class=${() => ({ a: false })}>x</p>`)).toBe("");
    expect(attr(() => html`<p style=${() => ({ backgroundColor: "red", "--x": 1, top: null, left: 0, color: "red;position:fixed" })}>x</p>`)).toBe(' style="background-color:red;--x:1;left:0;color:redposition:fixed"');
    expect(attr(() => html`<p style=${() => "top:0"}>x</p>`)).toBe(' style="top:0"');
    expect(attr(() => html`<button disabled=${() => true}>x</button>`)).toBe(" disabled");
    expect(attr(() => html`<button disabled=${() => 0}>x</button>`)).toBe("");
    expect(attr(() => html`<p aria-hidden=${() => false}>x</p>`)).toBe(' aria-hidden="false"');
    expect(attr(() => html`<p aria-hidden=${() => null}>x</p>`)).toBe("");
    expect(attr(() => html`<p data-on=${() => true}>x</p>`)).toBe(' data-on="true"');
    expect(attr(() => html`<p contenteditable=${() => false}>x</p>`)).toBe(' contenteditable="false"');
    expect(attr(() => html`<p title=${() => true}>x</p>`)).toBe(' title=""');
    expect(attr(() => html`<p title=${() => 10n}>x</p>`)).toBe(' title="10"');
  });

  it("SS4: spreads: no events, no key, no children, no names that are not names; later ones win", () => {
    expect(body(() => html`<p title="a" ...${() => ({ title: "b", onClick: 1, onclick: "x", key: 1, children: "c", 'x" y': 1, id: undefined, "data-n": 0, class: { k: true } })} lang="en">x</p>`)).toBe(
      '<p title="b" data-n="0" class="k" lang="en">x</p>',
    );
  });

  it("SS4: innerHTML is written as it is and only when trusted; text elements hold text", () => {
    expect(body(() => html`<p innerHTML=${() => trustedHtml("<b>x</b>")}></p>`)).toBe("<p><b>x</b></p>");
    expect(() => body(() => html`<p innerHTML=${() => "<b>"}></p>`)).toThrow(/VANGO_UNTRUSTED_HTML/);
    expect(body(() => html`<textarea>${() => "\n<a&"}</textarea>`)).toBe("<textarea>\n\n&lt;a&amp;</textarea>");
    expect(body(() => html`<style>${() => "p{}</style><script>"}</style>`)).toBe("<style>p{}\\3c /style><script></style>");
  });

  it("SS4: controls show their value after SSR as after a patch", () => {
    const { it: page, turn, mirror } = openWith((setup) => {
      const v = setup.signal("b");
      return { v, view: () => html`<input value=${v} checked=${() => v.get() === "b"} /><textarea value=${v}></textarea><select value=${v}><option value="a">A</option><option value="b">B</option></select>` };
    });
    const first = mirror.select("input")[0];
    expect([first?.getAttribute("value"), first?.hasAttribute("checked"), mirror.select("textarea")[0]?.textContent]).toEqual(["b", true, "b"]);
    turn(() => page.v.set("a"));
    expect([first?.getAttribute("value"), first?.hasAttribute("checked")]).toEqual(["a", false]);
  });

  it("SS5: nothing, empty and false render nothing; numbers, bigints and nested lists are text", () => {
    expect(body(() => html`<p>${() => null}${() => false}${() => ""}${() => 0}${() => 5n}${() => [1, ["a", [null, 2]]]}</p>`)).toBe("<p>051a2</p>");
    expect(body(() => html`<ul>${each([] as number[], (x) => x, () => html`<li></li>`)}</ul>`)).toBe("<ul></ul>");
  });
});
