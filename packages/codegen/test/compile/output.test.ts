// JSX1 to JSX5: the code that JSX becomes.
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/index.js";

/** The compiled body, without the header line. */
function body(source: string, id = "a.tsx"): string {
  const { code, diagnostics } = compile(source, id);
  expect(diagnostics).toEqual([]);
  return code.slice(code.indexOf("\n") + 1);
}

/** The tables of a source's templates. */
function tables(source: string): string[] {
  const { code, diagnostics } = compile(source, "a.tsx");
  expect(diagnostics).toEqual([]);
  return [...code.matchAll(/_\$template\("[0-9a-z]{10}", \[.*?\], "((?:[^"\\]|\\.)*)"\)/g)].map((m) => m[1] ?? "");
}

describe("views", () => {
  test("JSX2: templates are hoisted, one evaluator a view", () => {
    expect(compile("const a = <li class={c} onClick={() => pick(t.id)}>{t.title}</li>;", "a.tsx").code).toMatchInlineSnapshot(`
      "import { template as _$template, view as _$view } from "@vango/core/compiled"; const _$t1 = /* @__PURE__ */ _$template("9qyij1hkbj", ["<li v=\\"1\\"",">","</li>"], "li k:0 eclick:::- s:0");
      const a = _$view(_$t1, (_$i) => { switch (_$i) { case 0: return (c); case 1: return (() => pick(t.id)); case 2: return (t.title); } });"
    `);
  });

  test("JSX2: equal markup shares one template; a single slot needs no switch; a static view no evaluator of its own", () => {
    expect(body("const a = [<p>{x}</p>, <p>{y()}</p>, <br />];")).toBe("const a = [_$view(_$t1, () => (x)), _$view(_$t1, () => (y())), _$view(_$t2, _$none)];");
  });

  test("JSX2: nested JSX in expressions is compiled where it stands", () => {
    expect(body("const a = <p>{ok ? <b>{x}</b> : null}</p>;")).toBe("const a = _$view(_$t1, () => (ok ? _$view(_$t2, () => (x)) : null));");
  });

  test("JSX2: children of a Boundary that are not plain are a view: they run below it", () => {
    const source = 'import { Boundary } from "@vango/core"; const a = <Boundary fallback={f}>{risky()}</Boundary>;';
    expect(body(`\n${source}`)).toContain("_$child(Boundary, { fallback: f, children: _$view(_$t1, () => (risky())) })");
    expect(body('\nconst a = <Card>{risky()}</Card>;')).toContain("_$child(Card, () => ({ children: risky() }))");
  });

  test("JSX2: names of the compiler never meet those of the source", () => {
    expect(compile("const _$i = 1; const a = <p>{_$i}</p>;", "a.jsx").code).toContain("_$$view(_$$t1, () => (_$i))");
  });

  test("JSX2: keys: of the root, of a nested element, of a fragment", () => {
    expect(body("const a = <p key={k}>x</p>;")).toBe("const a = _$view(_$t1, _$none, k);");
    expect(body('const a = <p><b key="1">x</b></p>;')).toBe('const a = _$view(_$t1, () => (_$view(_$t2, _$none, "1")));');
    expect(body('import { Fragment } from "@vango/core/jsx-runtime"; const a = <Fragment key={1}>x</Fragment>;')).toContain("const a = _$view(_$t1, _$none, 1);");
  });

  test("JSX2: fragments", () => {
    expect(body("const a = <>{x}{y}</>;")).toBe("const a = _$list(x, y);");
    expect(body("const a = <><A /></>;")).toBe("const a = _$child(A, null);");
    expect(tables("const a = <>text <b /></>; const b = <div><>{x} y</></div>;")).toEqual(["b", "div s:0"]);
  });

  test.each([
    ["export const Counter = component<P>((s) => () => null) satisfies Component<P>;", "/x/app/ui/a.tsx", ', { name: "Counter" })'],
    ["export const page = component((s) => () => null,);", "/x/app/routes/issues/[id].tsx", ', { name: "page of issues/[id].tsx" },)'],
    ["export const layout = component((s) => () => null);", "C:\\x\\routes\\layout.tsx", ', { name: "layout of layout.tsx" })'],
    ["export const page = component((s) => () => null);", "/home/me/one.ts", ', { name: "page of one.ts" })'],
    ["export default component((s) => () => <p>{x}</p>);", "/home/me/board.tsx", "() => (x)), { name: \"board\" })"],
    ["const Outer = make(() => { const Inner = component(setup); });", "a.tsx", 'component(setup, { name: "Inner" })'],
  ])("JSX13: a component is named: %s", (source, id, expected) => {
    const { code, changed, diagnostics } = compile(`import { component } from "@vango/core";\n${source}`, id);
    expect([code.slice(code.indexOf("@vango/core\";")), changed, diagnostics]).toEqual([expect.stringContaining(expected), true, []]);
    expect(code).not.toMatch(/home|app\/ui/);
  });

  test.each(['component(setup, { name: "B" })', "component(...args)", "component()", "other(setup)", "wrap(component(setup))"])("JSX13: left as it is: const A = %s", (text) => {
    const source = `import { component } from "@vango/core";\nconst A = ${text};`;
    expect(compile(source, "a.ts")).toMatchObject({ code: source, changed: false });
  });

  test("JSX2: source without JSX stays as it is, types stay", () => {
    expect(compile("const a: number = 1;", "a.ts")).toMatchObject({ code: "const a: number = 1;", changed: false });
    expect(body("const a = (x: number): unknown => <p>{x satisfies number as unknown}</p>;")).toContain("() => (x satisfies number as unknown)");
  });

  test("JSX2: a hashbang stays the first line", () => {
    expect(compile("#!/usr/bin/env node\nconst a = <p />;", "a.jsx").code.startsWith("#!/usr/bin/env node\nimport {")).toBe(true);
  });
});

describe("components", () => {
  test("JSX3: props are an object when nothing in them can read state, else a thunk", () => {
    expect(body('const a = <A n={1} s="x" t b={n} f={() => x.get()} o={{ a: [n] }} />;')).toBe('const a = _$child(A, { n: 1, s: "x", t: true, b: n, f: () => x.get(), o: { a: [n] } });');
    expect(body("const a = <A n={t.n} />;")).toBe("const a = _$child(A, () => ({ n: t.n }));");
    expect(body("const a = <A {...p} data-x={1} />;")).toBe('const a = _$child(A, { ...p, ["data-x"]: 1 });');
    expect(body("const a = <ui.A<T> key={k} />;")).toBe("const a = _$child(ui.A, null, k);");
  });

  test("JSX3: children", () => {
    expect(body("const a = <A>\n  text &amp; more\n</A>;")).toBe('const a = _$child(A, { children: "text & more" });');
    expect(body("const a = <A>{x}</A>;")).toBe("const a = _$child(A, { children: x });");
    expect(body("const a = <A>{x()}{y}</A>;")).toBe("const a = _$child(A, () => ({ children: _$list(x(), y) }));");
    expect(body("const a = <A><b>{x()}</b></A>;")).toBe("const a = _$child(A, { children: _$view(_$t1, () => (x())) });");
  });
});

describe("attributes and events", () => {
  test("JSX4: what is literal is static", () => {
    expect(tables('const a = <input id="a" tabIndex={-1} disabled={true} hidden={false} value={`v`} title={undefined} name={n} />;')).toEqual(["input aname:0"]);
    expect(compile('const a = <input id="a" tabIndex={-1} disabled={true} hidden={false} value={`v`} title={undefined} />;', "a.tsx").code).toContain('["<input id=\\"a\\" tabindex=\\"-1\\" disabled=\\"\\" value=\\"v\\">"]');
  });

  test("JSX4: spreads are merged in source order", () => {
    expect(body('const a = <a id="x" {...p} class={c} />;')).toBe('const a = _$view(_$t1, () => ({ id: "x", ...(p), class: c }));');
  });

  test("JSX4: options of on() go to the table", () => {
    const on = 'import { on } from "@vango/core"; ';
    expect(tables(`${on}const a = <form onSubmit={on({ preventDefault: true, once: false }, save)} onKeyDown={on({ keys: ["Enter", " "], throttle: 50 }, () => go())} />;`)).toEqual(["form esubmit::p: ekeydown::t50,kEnter+%20:-"]);
    expect(tables('import { on as listen } from "@vango/core"; const a = <p onClick={listen({ capture: true }, f)} />;')).toEqual(["p eclick::c:"]);
    expect(tables("const a = <p onClick={on({ capture }, f)} />;")).toEqual(["p eclick:::"]);
  });

  test.each([
    ["() => x.set(1)", "-"],
    ["function () { x.set(1) }", "-"],
    ["function () { f(arguments) }", ""],
    ["(e) => x.set(e.value)", "value"],
    ["(e) => { if (e.shiftKey) x.set(e['key']); }", "key,shiftKey"],
    ["({ value, checked = true }) => x.set(value)", "checked,value"],
    ["({ value, ...rest }) => x.set(rest)", ""],
    ["(e) => { const { clientX, clientY: y } = e; }", "clientX,clientY"],
    ["(e) => save(e)", ""],
    ["(e) => x.set({ e: e.value })", "value"],
    ["(e) => x.set({ e })", ""],
    ["(e) => x.e.set(e.value)", "value"],
    ["(e) => x.set(e[name])", ""],
    ["(e) => x.set(e.type)", "-"],
    ["(e, more) => x.set(e.value)", ""],
    ["(e: InputEvent) => x.set(e!.value.trim())", "value"],
    ["async (e) => x.set(e?.value)", "value"],
    ["save", ""],
    ["ok ? (e) => e.value : null", ""],
  ])("JSX5: fields of %s", (handler, fields) => {
    expect(tables(`const a = <input onInput={${handler}} />;`)).toEqual([`input einput:::${fields}`]);
  });
});

test("JSX1: whitespace follows JSX", () => {
  const { code } = compile("const a = <p>\n  one\n  two {' '}\n  <b> x </b>\n\n</p>;", "a.tsx");
  expect(code).toContain('["<p>one two  <b> x </b></p>"]');
});
