// L1 to L3: what each rule finds and what it leaves alone, on the sources as developers write them.
import { describe, expect, test } from "vitest";
import { RULES } from "../../src/lint/plugin.js";
import { sourceOf } from "../../src/lint/source.js";

const core = 'import { component, each, on } from "@vango/core";\n';
/** A component with one cell of each kind around the given setup text and view. */
const page = (setup: string, view = "<p />"): string => `${core}export const A = component((setup, props) => {
  const n = setup.signal(0);
  const list = setup.signal<readonly { id: string }[]>([]);
  const save = setup.action(async (x: number) => x);
  const data = setup.resource({ load: () => 1 });
  ${setup}
  return () => ${view};
});`;

/** Names of the rules that find something, once for each finding. */
function found(text: string, file = "app/page.tsx"): string[] {
  const source = sourceOf(file, text);
  if (source === undefined) throw new Error("the test's source does not parse");
  return RULES.flatMap((rule) => rule.check(source).map(() => rule.name)).sort();
}

describe("writes", () => {
  test.each([
    ["no-off-loop-write", page("", "<p onClick={async () => { await f(); n.set(1); }} />")],
    ["no-off-loop-write", page("const go = async () => { const x = await f(); n.set(x); };", "<p onClick={go} />")],
    ["no-off-loop-write", page("", "<p onClick={on({ once: true }, async () => { n.set(await f()); n.inc(); })} />")],
    ["no-off-loop-write", page("", "<p onClick={() => { setTimeout(() => n.inc(), 10); }} />")],
    ["no-off-loop-write", page("", "<p onClick={() => { void f().then((x) => n.set(x)); }} />")],
    ["no-off-loop-write", page("setup.onMount(() => { emitter.on('x', () => n.inc()); }, { writes: true });")],
    ["no-off-loop-write", page("", "<p onClick={async () => { for (const x of xs) { n.inc(); await f(x); } }} />")],
    ["no-off-loop-write", page("", "<p onClick={async () => { await f(); save.run(1); }} />")],
    ["no-off-loop-write", page("", "<p onClick={async () => { for await (const x of xs) n.set(x); }} />")],
    ["no-write-in-render", page("", "<p>{n.set(1)}</p>")],
    ["no-write-in-render", `${core}component((setup) => { const n = setup.signal(0); return () => { n.inc(); return null; }; });`],
    ["no-write-in-render", page("const m = setup.memo(() => { n.set(2); return 1; });")],
    ["no-write-in-render", page("", "<ul>{each(list, (t) => t.id, (t) => { n.inc(); return <li>{t.id}</li>; })}</ul>")],
    ["no-write-in-render", page("", "<p>{data.match({ ready: (v) => { n.set(v); return v; } })}</p>")],
    ["no-write-in-render", page("", "<p>{xs.map((x) => n.set(x))}</p>")],
    ["no-write-in-setup", page("n.set(1);")],
    ["no-write-in-setup", page("save.run(1);")],
    ["no-write-in-setup", `export function useCounter(setup: Setup) { const n = setup.signal(0); n.inc(); return n; }`],
    ["no-write-in-effect", page("setup.effect(() => { n.add(2); });")],
    ["no-write-in-effect", page("setup.onChange(() => n.get(), (x) => { list.set([]); });")],
    ["no-write-in-effect", page("setup.onMount(() => { n.inc(); }, { writes: false });")],
    ["no-write-in-effect", page("setup.onCleanup(() => n.inc());")],
    ["no-write-in-loader", page("setup.resource({ load: async () => { n.set(1); return 2; } });")],
    ["no-write-in-loader", page("setup.action(async () => { await f(); n.set(1); });")],
    ["no-write-in-loader", page("setup.subscribe((push) => { n.set(0); return f(push); }, (v) => n.set(v));")],
    ["no-write-in-loader", `${core}component(({ signal, action }) => { const n = signal(0); const save = action(() => { n.set(1); }); return () => null; });`],
    ["no-write-in-loader", page("const { action } = setup; const other = action(() => { n.set(1); });")],
    ["no-write-in-loader", page("const find = setup.latest(async (q: string) => { n.set(1); return q; }, () => {});")],
    ["no-write-in-setup", page("const find = setup.latest(f, g); find.run('a');")],
    ["no-write-in-render", page("const shown = setup.optimistic(() => { n.inc(); return 1; }, save, (v) => v);")],
    ["no-write-in-render", page("const shown = setup.optimistic(n, save, (v, x) => { n.set(x); return v; });")],
  ])("L1: %s: %s", (rule, text) => {
    expect(found(text)).toEqual([rule]);
  });

  test.each([
    [page("", "<p onClick={() => { n.inc(); save.run(1); }} />")],
    [page("", "<p onClick={async () => { n.inc(); await f(); }} />")],
    [page("", "<p onClick={async () => { if (x) { await f(); return; } n.inc(); }} />")],
    [page("", "<p onClick={async () => { const x = await f(); await setup.ctx.dispatch(() => n.set(x)); }} />")],
    [page("const { ctx } = setup; const later = async () => { await f(); void ctx.dispatch(() => n.inc()); };", "<p onClick={later} />")],
    [page("setup.timeout(5, () => n.inc()); setup.interval(5, () => n.inc()); setup.subscribe(source, (v) => n.set(v));")],
    [page("const other = setup.action(f, { onSuccess: (r) => n.set(r), onError() { n.set(0); } });")],
    [page("const find = setup.latest(f, (hits) => n.set(hits), { onError() { n.set(0); } });", "<input onInput={(e) => find.run(e.value)} />")],
    [page("setup.effect(() => { log(n.get()); list.removeAt(0); }, { writes: true });")],
    [page("const reset = () => n.set(0);", "<p onClick={reset} />")],
    [page("const reset = () => n.set(0);")],
    [page("", "<Child onPick={(x: number) => n.set(x)} />")],
    [page("", "<ul>{each(list, (t) => t.id, (t) => <li onClick={() => n.set(1)}>{t.id}</li>)}</ul>")],
    [page("", "<p>{data.match({ ready: (v) => <b onClick={() => n.set(v)}>{v}</b>, error: (e, retry) => <button onClick={retry}>again</button> })}</p>")],
    [page("const f = (n: { set(x: number): void }) => { n.set(1); }; setup.resource({ load: (n: Set<number>) => { n.add(1); return n; } });")],
    ["const n = new Map(); n.set(1, 2); const m = { update() {} }; m.update();"],
    ['import { component } from "other"; component((setup) => { const n = setup.signal(0); n.set(1); return () => null; });'],
  ])("L2: nothing: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("persisted state", () => {
  test.each([
    ["persisted-state", page('const s = setup.sharedSignal("s", Date.now());')],
    ["persisted-state", page("const s = setup.globalSignal(`s${x}`, 0);")],
    ["persisted-state", page('const { sharedSignal } = setup; const s = sharedSignal("s", 0);')],
    ["persisted-state", 'import { sessionKey } from "@vango/core";\nimport { DEFAULT } from "./defaults.js";\nexport const theme = sessionKey("theme", { default: DEFAULT });'],
    ["persisted-state", 'import type { Setup } from "@vango/core";\nexport const useTotal = (setup: Setup, n: number) => setup.sharedSignal("total", n);'],
  ])("L1: %s: %s", (rule, text) => {
    expect(found(text)).toEqual([rule]);
  });

  test.each([
    [page('const s = setup.sharedSignal("s", { a: [1], b: new Map() });')],
    [`import { Level } from "./level.js";\n${page('const s = setup.sharedSignal("s", Level.High);')}`],
    ['const other = { sharedSignal: (key: string, n: number) => n };\nother.sharedSignal("s", Date.now());'],
  ])("L2: nothing: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("setup, render and the thread", () => {
  test.each([
    ["no-conditional-setup", page("if (x) setup.signal(1);")],
    ["no-setup-in-render", page("", "<p>{setup.memo(f).get()}</p>")],
    ["require-list-key", page("", "<ul>{xs.map((x) => <li>{x}</li>)}</ul>")],
    ["no-async-setup", `${core}component(async (setup) => () => null);`],
    ["no-async-setup", `${core}component((setup) => async () => null);`],
    ["no-async-setup", page("const m = setup.memo(async () => 1);")],
    ["no-async-setup", page("", "<ul>{each(list, (t) => t.id, async (t) => <li />)}</ul>")],
    ["no-navigate-in-render", page('setup.ctx.navigate("/");')],
    ["no-navigate-in-render", page('const { ctx } = setup; if (x) ctx.navigate("/");')],
    ["no-navigate-in-render", page("const ctx = setup.ctx;", '<p>{ctx.navigate("/")}</p>')],
    ["no-blocking-call", `import { readFileSync } from "node:fs";\n${page("const text = readFileSync('x');")}`],
    ["no-blocking-call", `import fs from "fs";\n${page("", "<p onClick={() => { fs.writeFileSync('x', 'y'); }} />")}`],
    ["no-blocking-call", `import * as cp from "node:child_process";\n${page("setup.resource({ load: () => cp.execSync('x') });")}`],
    ["no-blocking-call", page("", "<p onClick={() => { Atomics.wait(a, 0, 0); }} />")],
    ["no-browser-globals", page("", "<p onClick={() => { document.title = 'x'; }} />")],
    ["no-browser-globals", page("const width = window.innerWidth;")],
    ["no-browser-globals", page("setup.effect(() => { localStorage.setItem('n', String(n.get())); });")],
    ["no-browser-globals", page("", "<p onClick={() => { alert('x'); }} />")],
    ["prefer-memo", page("setup.effect(() => { n.set(list.get().length); }, { writes: true });")],
    ["prefer-memo", page("setup.effect(() => n.set(list.get().length), { writes: true });")],
  ])("L1: %s: %s", (rule, text) => {
    expect(found(text)).toEqual([rule]);
  });

  test.each([
    [page("", '<p onClick={() => setup.ctx.navigate("/")} />')],
    [page('const other = setup.action(f, { onSuccess: () => setup.ctx.navigate("/") });')],
    [`import { readFileSync } from "node:fs";\nconst text = readFileSync("x");\n${page("")}`],
    ["export function mount() { document.title = 'x'; window.scrollTo(0, 0); }"],
    [`import { history } from "./history.js";\n${page("const past = history.all();")}`],
    [page("", "<p>{xs.map((location) => location.name)}</p>")],
    [page("setup.effect(() => { n.set(list.get().length); log(); }, { writes: true });")],
    [page("setup.effect(() => { n.set(0); }, { writes: true });")],
  ])("L2: nothing: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("stop signs and forbidden fixes", () => {
  test.each([
    ["no-location-reload", "location.reload();"],
    ["no-location-reload", "addEventListener('x', () => window.location.reload());"],
    ["no-location-reload", "history.go(0);"],
    ["no-location-reload", "location.href = location.href;"],
    ["no-location-reload", "window.location = document.URL;"],
    ["no-location-reload", "location.assign(location.pathname);"],
    ["no-unstable-key", page("", "<ul>{each(list, (t, i) => i, (t) => <li />)}</ul>")],
    ["no-unstable-key", page("", "<ul>{each(list, () => Math.random(), (t) => <li />)}</ul>")],
    ["no-unstable-key", page("", "<ul>{each(list, (t) => list.peek().indexOf(t), (t) => <li />)}</ul>")],
    ["no-unstable-key", page("", "<ul>{each(list, (t) => JSON.stringify(t), (t) => <li />)}</ul>")],
    ["no-unstable-key", page("", "<ul>{each(list, crypto.randomUUID, (t) => <li />)}</ul>")],
    ["no-unstable-key", page("", "<ul>{xs.map((x, i) => <li key={i}>{x}</li>)}</ul>")],
    ["no-unstable-key", page("", "<Child key={`c${Date.now()}`} />")],
    ["no-inline-script", "const a = <script>{'fix()'}</script>;"],
    ["no-inline-script", "const a = <script>fix();</script>;"],
    ["no-inline-script", "const a = trustedHtml(`<b></b><script>fix()</script>`);"],
    ["no-native-submit", page("", "<form onSubmit={() => { n.inc(); }}></form>")],
    ["no-native-submit", 'import { on } from "@vango/core"; const a = <form id="a" onSubmit={on({ once: true }, () => undefined)} />;'],
    ["no-low-level-import", 'import { Loop } from "@vango/core/internal";'],
    ["no-low-level-import", 'export * from "@vango/core/protocol";'],
    ["no-low-level-import", 'import type { Session } from "@vango/server/dist/session.js";'],
    ["no-state-mutation", page("", "<p onClick={() => { list.peek().push({ id: 'a' }); }} />")],
    ["no-state-mutation", page("const sorted = setup.memo(() => list.get().sort());")],
    ["no-state-mutation", page("", "<p onClick={() => { list.peek()[0].id = 'b'; }} />")],
    ["no-state-mutation", page("", "<p onClick={() => { chosen.peek().add('a'); }} />")],
    ["no-state-mutation", page("", "<p onClick={() => { delete list.peek()[0].id; }} />")],
    ["no-state-mutation", page("", "<p onClick={() => { list.peek()[0].count++; }} />")],
  ])("L1: %s: %s", (rule, text) => {
    expect(found(text)).toEqual([rule]);
  });

  test.each([
    ['location.assign("/login"); location.href = href; history.go(-1); const reload = () => app.reload();'],
    [page("", "<ul>{each(list, (t) => t.id, (t) => <li />)}</ul>")],
    [page("", "<ul>{xs.map((x, i) => <li key={x.id}>{i}</li>)}</ul>")],
    ['const a = <script src="/a.js" defer />;'],
    ['const a = <script type="application/json">{"{}"}</script>;'],
    ['import { on } from "@vango/core"; const a = <form onSubmit={on({ preventDefault: true }, () => undefined)} />; const b = <form action="/save" onSubmit={() => undefined} />;'],
    ['import { on } from "@vango/core"; const a = <form onSubmit={save} />; const b = <form {...rest} onSubmit={() => undefined} />; const c = <form onSubmit={on(options, () => undefined)} />;'],
    ['import { component } from "@vango/core"; import { mount } from "@vango/server/testing"; import { memoryStore } from "@vango/persist";'],
    [page("const sorted = setup.memo(() => [...list.get()].sort());")],
    [page("", "<p onClick={() => props.get().open.set(true)} />")],
    [page("const shown = setup.memo(() => list.get().filter(Boolean).map((x) => x.id));")],
    ["cache.get(key).push(1); map.get('a').b = 2;"],
  ])("L2: nothing: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

test("L3: a file that does not parse is not a rule's to report", () => {
  expect(sourceOf("a.tsx", "const = 1")).toBeUndefined();
});

test("L3: text without a known extension is read as TypeScript with JSX", () => {
  expect(found("location.reload();", "<input>")).toEqual(["no-location-reload"]);
});
