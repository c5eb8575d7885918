// Components: setup once, props, context, identity by place and key; and the order in which a flush runs.
import { describe, expect, it } from "vitest";
import { component, createContext, each, html } from "../../src/index.js";
import type { View } from "../../src/index.js";
import { spreadValues } from "../../src/live/values.js";
import { child } from "../../src/view/view-node.js";
import { openWith } from "../loop/harness.js";

describe("components", () => {
  it("LT11, scenario 8: new props never rerun setup; local state stays; only what reads the changed prop runs", () => {
    const ran = { setup: 0, render: 0, a: 0, b: 0 };
    const Child = component<{ a: number; b: { x: number } }>((setup, props) => {
      ran.setup++;
      const local = setup.signal(7);
      return () => (ran.render++, html`<p title=${() => (ran.a++, props.get().a)}>${() => (ran.b++, props.get().b.x)} ${local}</p>`);
    });
    const { it: page, turn, html: text } = openWith((setup) => {
      const a = setup.signal(1);
      const b = setup.signal({ x: 1 });
      return { a, b, view: () => html`<div>${child(Child as never, () => ({ a: a.get(), b: b.get() }))}</div>` };
    });
    for (const k of ["setup", "render", "a", "b"] as const) ran[k] = 0;
    turn(() => page.a.set(2));
    expect([ran.setup, ran.render, text()]).toEqual([0, 0, '<div><p title="2">1 7</p></div>']);
    turn(() => page.b.set({ x: 5 }));
    expect(text()).toBe('<div><p title="2">5 7</p></div>');
    ran.a = 0;
    turn(() => page.a.set(2));
    expect([ran.setup, ran.a]).toEqual([0, 0]);
  });

  it("LT11: props are compared shallowly: equal props wake nothing", () => {
    let reads = 0;
    const Child = component<{ n: number; list: readonly number[] }>((_, props) => () => html`<b>${() => (reads++, props.get().list.length + props.get().n)}</b>`);
    const { it: page, turn } = openWith((setup) => {
      const n = setup.signal(1);
      const list = [1];
      return { n, view: () => html`<p>${n.get()}${child(Child as never, () => ({ n: n.get() % 2, list }))}</p>` };
    });
    reads = 0;
    turn(() => page.n.set(3));
    expect(reads).toBe(0);
    turn(() => page.n.set(4));
    expect(reads).toBe(1);
  });

  it("LT12, scenario 20: a conditional sibling that goes leaves the state of the next one alone", () => {
    let setups = 0;
    const Counter = component((setup) => {
      setups++;
      const n = setup.signal(0);
      return () => html`<button onClick=${() => n.inc()}>${n}</button>`;
    });
    const { it: page, turn, html: text, click } = openWith((setup) => {
      const on = setup.signal(true);
      return { on, view: () => html`<div>${() => [on.get() ? html`<p>first</p>` : null, html`<${Counter} />`, on.get() && "text"]}</div>` };
    });
    click("button");
    click("button");
    setups = 0;
    turn(() => page.on.set(false));
    expect(text()).toBe("<div><button>2</button></div>");
    turn(() => page.on.set(true));
    expect([text(), setups]).toEqual(["<div><p>first</p><button>2</button>text</div>", 0]);
  });

  it("LT12: another key or another component at the same place is a new one; keyed children keep state when they move", () => {
    const Box = component<{ name: string }>((setup, props) => {
      const n = setup.signal(0);
      return () => html`<button onClick=${() => n.inc()}>${() => props.get().name}${n}</button>`;
    });
    const { it: page, turn, html: text, click } = openWith((setup) => {
      const k = setup.signal(1);
      const order = setup.signal(["a", "b", "c"]);
      return { k, order, view: () => html`<div>${() => html`<${Box} key=${k.get()} name="k" />`}</div><p>${() => order.get().map((x) => html`<${Box} key=${x} name=${x} />`)}</p>` };
    });
    click("div button");
    click("p button:nth-child(2)");
    turn(() => page.order.set(["b", "d", "a"]));
    expect(text()).toBe("<div><button>k1</button></div><p><button>b1</button><button>d0</button><button>a0</button></p>");
    turn(() => page.k.set(2));
    expect(text()).toContain("<div><button>k0</button></div>");
    turn(() => page.order.set(["a", "a"]));
    expect(text()).toBe("");
  });

  it("LT13: context reaches everything below its provider, the nearest value wins, the default else", () => {
    const Theme = createContext("default", "theme");
    const Show = component((setup) => {
      const theme = setup.use(Theme);
      return () => html`<i>${theme}</i>`;
    });
    const Provide = component<{ value: string; children?: View }>((setup, props) => {
      setup.provide(Theme, props.peek().value);
      return () => props.get().children;
    });
    const { html: text, it: page, turn } = openWith((setup) => {
      const list = setup.signal([1]);
      return { list, view: () => html`<div><${Show} /><${Provide} value="outer"><${Show} /><${Provide} value="inner"><p>${each(list, (x) => x, () => html`<${Show} />`)}</p></${Provide}></${Provide}></div>` };
    });
    turn(() => page.list.append(2));
    expect(text()).toBe("<div><i>default</i><i>outer</i><p><i>inner</i><i>inner</i></p></div>");
  });

  it("LT14: a flush runs parents first: what a condition removes does not run, however it reads", () => {
    interface User {
      readonly name: string;
    }
    const Name = component<{ user: () => User }>((_, props) => () => html`<b title=${() => props.get().user().name}>${() => props.get().user().name}</b>`);
    const shapes: ((user: { get(): User | null }) => () => View)[] = [
      (user) => () => (user.get() === null ? html`<p>login</p>` : html`<p>${(user.get() as User).name}</p>`),
      (user) => () => html`<p>${() => (user.get() === null ? "login" : html`<b>${() => (user.get() as User).name}</b>`)}</p>`,
      (user) => () => html`<p>${() => (user.get() === null ? "login" : html`<${Name} user=${() => user.get() as User} />`)}</p>`,
      (user) => () => html`<p>${() => (user.get() === null ? "login" : child(Name as never, () => { const u = user.get() as User; void u.name; return { user: () => u }; }))}</p>`,
      (user) => () => (user.get() === null ? "login" : html`<${Name} user=${() => user.get() as User} />`),
      (user) => () => (user.get() === null ? ["login"] : [1, html`<i>${() => (user.get() as User).name}</i>`]),
    ];
    for (const shape of shapes) {
      const { it: page, turn, world, html: text } = openWith((setup) => {
        const user = setup.signal<User | null>({ name: "Ada" });
        return { user, view: shape(user) };
      });
      turn(() => page.user.set({ name: "Bob" }));
      expect(text()).toContain("Bob");
      turn(() => page.user.set(null));
      expect([text().includes("login"), text().includes("Bob"), world.codes()]).toEqual([true, false, []]);
      turn(() => page.user.set({ name: "Cy" }));
      expect(text()).toContain("Cy");
    }
  });

  it("LT14: a row that is deleted in the transaction that deletes its data does not run", () => {
    type Data = ReadonlyMap<number, { readonly text: string }>;
    const rows: ((data: { get(): Data }) => (id: number) => View)[] = [
      (data) => (id) => html`<li>${(data.get().get(id) as { text: string }).text}</li>`,
      (data) => (id) => html`<li>${() => (data.get().get(id) as { text: string }).text}</li>`,
      (data) => (id) => html`<li title=${() => (data.get().get(id) as { text: string }).text}><b>${() => (data.get().get(id) as { text: string }).text}</b></li>`,
      (data) => (id) => (id > 2 ? html`<li><i>${() => html`<u>${(data.get().get(id) as { text: string }).text}</u>`}</i></li>` : html`<li>${(data.get().get(id) as { text: string }).text}</li>`),
    ];
    for (const row of rows) {
      const { it: page, turn, world, mirror } = openWith((setup) => {
        const data = setup.signal<Data>(new Map([1, 2, 3].map((id) => [id, { text: `t${id}` }])));
        const ids = setup.memo(() => [...data.get().keys()]);
        const list = setup.signal<readonly number[]>([1, 2, 3]);
        return { data, list, view: () => html`<ul>${each(list, (id) => id, row(data))}</ul><ol>${each(ids, (id) => id, row(data))}</ol>` };
      });
      turn(() => {
        page.data.removeKey(2);
        page.list.removeAt(1);
      });
      expect(world.codes()).toEqual([]);
      expect(mirror.select("ul li")).toHaveLength(2);
      turn(() => {
        page.list.set([]);
        page.data.set(new Map());
      });
      expect([world.codes(), mirror.select("li")]).toEqual([[], []]);
    }
  });

  it("LT15, scenario 18: when one text changes its siblings are untouched", () => {
    const { it: page, turn, mirror } = openWith((setup) => {
      const n = setup.signal(1);
      return { n, view: () => html`<p>a <b>b</b>${n}<i>c</i> d</p>` };
    });
    const before = [...(mirror.select("p")[0]?.childNodes ?? [])];
    mirror.clear();
    turn(() => page.n.set(2));
    expect(mirror.ops()).toEqual([{ op: "text", at: "body>p>#text(3)", value: "2" }]);
    expect([...(mirror.select("p")[0]?.childNodes ?? [])]).toEqual(before);
  });

  it("LT15: what cannot be a child or an attribute has a code", () => {
    const code = (view: () => View): string | undefined => {
      try {
        openWith(() => ({ view }));
        return undefined;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    for (const bad of [true, {}, () => 1, Symbol("x"), new Date(), Promise.resolve(1)]) {
      expect(code(() => html`<p>${() => bad as never}</p>`), String(bad)).toBe("VANGO_BAD_CHILD");
      expect(code(() => html`<p>${() => [1, bad as never]}</p>`), String(bad)).toBe("VANGO_BAD_CHILD");
    }
    for (const bad of [{}, [], () => () => 1, Symbol("x")]) expect(code(() => html`<p title=${() => bad}>x</p>`)).toBe("VANGO_BAD_ATTRIBUTE");
    expect(code(() => html`<p class=${() => Symbol("x")}>x</p>`)).toBe("VANGO_BAD_ATTRIBUTE");
    expect(() => spreadValues(5)).toThrow(/VANGO_BAD_ATTRIBUTE/);
    expect(code(() => html`<p innerHTML=${() => "<b>"}></p>`)).toBe("VANGO_UNTRUSTED_HTML");
    expect(code(() => html`<p ...${() => ({ innerHTML: "x" })}>x</p>`)).toBe("VANGO_UNTRUSTED_HTML");
  });
});
