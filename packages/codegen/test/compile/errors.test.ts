// JSX6 to JSX9: every finding has a code, a place, the lines around it and the fix.
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostic } from "../../src/compile/index.js";

const findings = (source: string): string[] => compile(source, "app/page.tsx").diagnostics.map(formatDiagnostic);

/** The only finding of a source. */
function finding(source: string): string {
  const all = findings(source);
  expect(all).toHaveLength(1);
  return all[0] ?? "";
}

const core = 'import { component, on } from "@vango/core";\n';
const setup = (text: string): string => `${core}export const A = component((setup, props) => {\n${text}\n  return () => <p />;\n});`;

test("JSX6: a finding in full", () => {
  expect(finding("const a = (\n  <p>\n    <div>x</div>\n  </p>\n);")).toMatchInlineSnapshot(`
    "app/page.tsx:3:5 VANGO_TPL_NESTING: This element cannot stand here. <div> cannot stand in <p>: it closes the paragraph. Use <div> or <span>.
      1 | const a = (
      2 |   <p>
    > 3 |     <div>x</div>
        |     ^
      4 |   </p>
      Why: The browser's HTML parser would move or close it, so the page in the browser would differ from the template.
      Fix: Change the nesting as the message says."
  `);
});

test.each([
  ["const a = <p", "VANGO_JSX_SYNTAX", "1:13", ""],
  ["const a = <p title={} />", "VANGO_JSX_SYNTAX", "1:20", "non-empty"],
  ["const a = <table><tr /></table>", "VANGO_TPL_NESTING", "1:18", "Put it into <tbody>"],
  ["const a = <br>x</br>", "VANGO_TPL_VOID", "1:15", "<br> is a void element"],
  ["const a = <title><b /></title>", "VANGO_TPL_TEXT_ONLY", "1:18", "<b> stands in <title>"],
  ["const a = <script>{x}</script>", "VANGO_TPL_DYNAMIC", "1:20", "<script> has a dynamic child"],
  ['const a = <p id="a" id={b} />', "VANGO_TPL_DUPLICATE", "1:21", "`id` twice"],
  ['const a = <A id="a" id={b} />', "VANGO_TPL_DUPLICATE", "1:21", "`id` is given twice"],
  ['const a = <p onClick="go()" />', "VANGO_TPL_EVENT", "1:14", "takes a function"],
  ["const a = <p onClick />", "VANGO_TPL_EVENT", "1:14", "takes a function"],
  ["const a = <p onclick={f} />", "VANGO_TPL_EVENT", "1:14", "Write `onClick`"],
  ["const a = <p onDoubleClick={f} />", "VANGO_TPL_EVENT", "1:14", "Did you mean `onDblClick`?"],
  ["const a = <p onClickCapture={f} />", "VANGO_TPL_EVENT", "1:14", "on({ capture: true }, …)"],
  ['const a = <p className="x" />', "VANGO_TPL_ATTRIBUTE", "1:14", "Write `class`"],
  ["const a = <p dangerouslySetInnerHTML={{ __html: x }} />", "VANGO_TPL_ATTRIBUTE", "1:14", "innerHTML={trustedHtml(…)}"],
  ['const a = <label htmlFor="x" />', "VANGO_TPL_ATTRIBUTE", "1:18", "Write `for`"],
  ['const a = <a href="JavaScript:alert(1)" />', "VANGO_TPL_ATTRIBUTE", "1:14", "script URL"],
  ["const a = <div innerHTML={x}>y</div>", "VANGO_TPL_INNER_HTML", "1:16", "has children too"],
  ["const a = <p>{true}</p>", "VANGO_TPL_TRUE", "1:15", ""],
  ["const a = <p>{x} &zeta;</p>", "VANGO_TPL_REFERENCE", "1:17", "next to a dynamic value"],
  ['const a = <A title="&zeta;" />', "VANGO_TPL_REFERENCE", "1:14", "JavaScript string"],
  ["const a = <p on:click={f} />", "VANGO_JSX_NAMESPACE", "1:14", "Write `onClick` instead of `on:click`"],
  ["const a = <p class:done={x} />", "VANGO_JSX_NAMESPACE", "1:14", "class={{ done: … }}"],
  ["const a = <input bind:value={x} />", "VANGO_JSX_NAMESPACE", "1:18", "Write `value={…}`"],
  ["const a = <svg:rect />", "VANGO_JSX_NAMESPACE", "1:12", "is not an element"],
  ["const a = <A on:x={1} />", "VANGO_JSX_NAMESPACE", "1:14", "is not a prop"],
  ["const f = async () => <p>{await g()}</p>", "VANGO_JSX_AWAIT", "1:27", "await"],
  ["const a = xs.map((x) => <li>{x}</li>)", "VANGO_JSX_MAP_KEY", "1:25", "Use each("],
  ["const a = xs?.map((x) => { if (x) return ok && <li />; return null; })", "VANGO_JSX_MAP_KEY", "1:48", ""],
  ["const a = Array.from(xs, () => <><b /></>)", "VANGO_JSX_MAP_KEY", "1:32", "fragment has no key"],
  ["const a = <input onInput={(e) => x.set(e.target.value)} />", "VANGO_JSX_EVENT_DOM", "1:40", "`e.target` does not exist on the server"],
  ["const a = <form onSubmit={(e) => { e.preventDefault(); }} />", "VANGO_JSX_EVENT_DOM", "1:36", "on({ preventDefault: true }, …)"],
])("JSX6: %s", (source, code, place, detail) => {
  const text = finding(source);
  expect(text.startsWith(`app/page.tsx:${place} ${code}: `)).toBe(true);
  expect(text).toContain(detail);
  expect(text).toContain("> 1 | ");
  expect(text).toMatch(/\n {2}Why: .+\n {2}Fix: .+$/);
});

describe("on()", () => {
  test.each([
    ["on(options, f)", "VANGO_JSX_ON_OPTIONS", "not literal"],
    ["on({ ...options }, f)", "VANGO_JSX_ON_OPTIONS", "not literal"],
    ["on({ debounce: ms }, f)", "VANGO_JSX_ON_OPTIONS", "whole number of milliseconds"],
    ["on({ debounce: -1 }, f)", "VANGO_JSX_ON_OPTIONS", "whole number of milliseconds"],
    ["on({ once: 1 }, f)", "VANGO_JSX_ON_OPTIONS", "true or false"],
    ["on({ once }, f)", "VANGO_JSX_ON_OPTIONS", "not literal"],
    ["on({ keys: [k] }, f)", "VANGO_JSX_ON_OPTIONS", "list of literal key names"],
    ["on({ preventDefalt: true }, f)", "VANGO_JSX_ON_OPTIONS", "Did you mean `preventDefault`?"],
    ["on({ zzzzzzzzzzzz: true }, f)", "VANGO_JSX_ON_OPTIONS", "Options: preventDefault,"],
    ["on({ once: true })", "VANGO_JSX_ON_OPTIONS", "options and a handler"],
    ["ok ? on({ once: true }, f) : null", "VANGO_JSX_ON_PLACE", "outside an event attribute"],
  ])("JSX7: onClick={%s}", (value, code, detail) => {
    const text = finding(`${core}const a = <p onClick={${value}} />;`);
    expect(text).toContain(`${code}: `);
    expect(text).toContain(detail);
  });

  test("JSX7: an on() of another module is an ordinary call", () => {
    expect(findings('import { on } from "events"; const a = <p onClick={on(x, f)} />; on(y);')).toEqual([]);
  });
});

describe("setup", () => {
  test.each([
    ["  if (x) { setup.signal(1); }", "an if"],
    ["  const a = x ? setup.memo(f) : null;", "a condition (?:)"],
    ["  const a = x && setup.action(f);", "a condition (&&)"],
    ["  for (const a of b) setup.effect(f);", "a loop"],
    ["  while (x) setup.signal(1);", "a loop"],
    ["  items.forEach(() => { setup.signal(1); });", "a callback"],
    ["  switch (x) { case 1: setup.resource(o); }", "a switch"],
    ["  try { f(); } catch { setup.signal(1); }", "a catch"],
    ["  if (x) return () => null;\n  const a = setup.signal(1);", "code after an early return"],
    ["  const make = () => setup.signal(1);", "a callback"],
    ["  const save = setup.action(() => { setup.signal(1); });", "a callback"],
  ])("JSX8: %s", (text, where) => {
    const found = finding(setup(text));
    expect(found).toContain("VANGO_JSX_CONDITIONAL_SETUP: ");
    expect(found).toContain(`stands in ${where}.`);
  });

  test("JSX8: what always runs once is fine, so are timers and ctx anywhere", () => {
    expect(findings(setup("  const a = setup.signal(x ? 1 : 2);\n  for (const b = setup.signal(1); ;) break;\n  if (setup.use(C)) f();\n  setup.onMount(() => { setup.timeout(1, f); setup.onCleanup(g); });\n  const go = () => setup.ctx.navigate('/');"))).toEqual([]);
    expect(findings("const A = component((setup) => { if (x) setup.signal(1); return () => null; });")).toEqual([]);
  });

  test.each([
    [`${core}component((setup) => () => <p>{setup.memo(f).get()}</p>);`],
    [`${core}component((setup) => { const render = () => { setup.signal(1); return null; }; return render; });`],
    [`${core}component((setup) => { return () => <p onClick={() => setup.action(f).run()} />; });`],
    [`${core}component((s) => { function render() { s.effect(f); return null; } return render; });`],
  ])("JSX9: %s", (source) => {
    expect(finding(source)).toContain("VANGO_JSX_SETUP_IN_RENDER: ");
  });

  test("JSX9: a handler in the render closure may start timers", () => {
    expect(findings(`${core}component((setup) => () => <p onClick={() => { setup.timeout(5, f); setup.ctx.emit("x"); }} />);`)).toEqual([]);
  });
});

test("JSX6: all findings of a file are reported, in order of place", () => {
  const list = compile('const a = <p className="x" />;\nconst b = <p><div /></p>;\nconst c = <p>{true}</p>;', "a.tsx").diagnostics;
  expect(list.map((d) => [d.code, d.line, d.column])).toEqual([["VANGO_TPL_ATTRIBUTE", 1, 14], ["VANGO_TPL_NESTING", 2, 14], ["VANGO_TPL_TRUE", 3, 15]]);
});
