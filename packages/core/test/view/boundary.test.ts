// Boundaries: what throws while it is mounted or later is replaced by a fallback in the same frame, never half-written.
import { describe, expect, it } from "vitest";
import { Boundary, component, each, html } from "../../src/index.js";
import type { Component, Signal, View, VangoError } from "../../src/index.js";
import { child } from "../../src/view/view-node.js";
import { openPage, openWith } from "../loop/harness.js";

const fallback = (error: VangoError): View => html`<em>${error.code}</em>`;

function guarded(body: (n: Signal<number>) => View) {
  const live = openWith((setup) => {
    const n = setup.signal(0);
    return { n, view: () => html`<main><h1>${n}</h1><${Boundary} fallback=${fallback}>${() => body(n)}</${Boundary}></main>` };
  });
  const set = (v: number): string => {
    live.turn(() => live.it.n.set(v));
    return live.html();
  };
  return { live, set };
}

const failAt = (n: Signal<number>, at: number): number => {
  if (n.get() === at) throw new Error(`at ${at}`);
  return n.get();
};

const Throws = component<{ n: Signal<number>; in: "setup" | "render" | "slot" | "row" | "key" | "prop" | "attr" }>((setup, props) => {
  const { n, in: place } = props.peek();
  const at = setup.memo(() => failAt(n, 1));
  if (place === "setup") at.get();
  const list = setup.signal([1, 2]);
  const Inner = component<{ v: number }>((_, inner) => () => html`<u>${() => inner.get().v}</u>`);
  return () => {
    switch (place) {
      case "render":
        return html`<p>${at.get()}</p>`;
      case "row":
        return html`<ul>${each(list, (x) => x, (x) => html`<li>${x === 2 ? at.get() : 0}</li>`)}</ul>`;
      case "key":
        return html`<ul>${each(list, (x) => x + at.get(), (x) => html`<li>${x} ${n.get()}</li>`)}</ul>`;
      case "prop":
        return html`<p><${Inner} v=${at} /></p>`;
      case "attr":
        return html`<p title=${() => at.get()}>x</p>`;
      default:
        return html`<p>a</p><p>${() => at.get()}</p>`;
    }
  };
});

describe("boundaries", () => {
  for (const place of ["setup", "render", "slot", "row", "attr"] as const) {
    it(`LT8: an error in ${place}, at mount or later, shows the fallback in one frame; what stands around it lives`, () => {
      for (const first of [0, 1]) {
        const live = openWith((setup) => {
          const n = setup.signal(first);
          const on = setup.signal(first === 1);
          return { n, on, view: () => html`<main><h1>${n}</h1><${Boundary} fallback=${fallback}>${() => (on.get() ? html`<i>x</i><${Throws} n=${n} in=${place} />` : "off")}</${Boundary}></main>` };
        });
        if (first === 0) {
          live.turn(() => live.it.on.set(true));
          expect(live.html()).not.toContain("<em>");
          live.world.log.length = 0;
          live.turn(() => live.it.n.set(1));
          if (place === "setup") continue;
          expect(live.world.log).toEqual(["frame"]);
        }
        expect(live.html()).toBe("<main><h1>1</h1><em>VANGO_RENDER</em></main>");
        expect(live.world.codes()).toEqual(["VANGO_RENDER"]);
        live.turn(() => live.it.n.set(5));
        live.turn(() => live.it.n.set(1));
        expect(live.html()).toBe("<main><h1>1</h1><em>VANGO_RENDER</em></main>");
        expect(live.world.codes()).toEqual(["VANGO_RENDER"]);
      }
    });
  }

  it("LT8: a subtree that appears in an update and throws shows the fallback and leaves no subscriber behind", () => {
    const Row = component<{ x: number }>((_, props) => () => {
      if (props.get().x === 2) throw new Error("two");
      return html`<li>${() => props.get().x}</li>`;
    });
    for (const row of [
      (n: Signal<number>) => (x: number) => { n.get(); if (x === 2) throw new Error("two"); return html`<li>${n}</li>`; },
      (n: Signal<number>) => (x: number) => html`<li>${() => { n.get(); if (x === 2) throw new Error("two"); return html`<b>x</b>`; }}</li>`,
      (n: Signal<number>) => (x: number) => child(Row as never, () => (n.get(), { x })),
      (n: Signal<number>) => (x: number) => { n.get(); return html`<${Row} x=${x} />`; },
    ]) {
      const live = openWith((setup) => {
        const n = setup.signal(0);
        const list = setup.signal<readonly number[]>([1]);
        return { n, list, view: () => html`<main><${Boundary} fallback=${fallback}><ul>${each(list, (x) => x, row(n))}</ul></${Boundary}><p>${n}</p></main>` };
      });
      live.turn(() => live.it.list.append(3, 2, 4));
      expect(live.html()).toBe("<main><em>VANGO_RENDER</em><p>0</p></main>");
      for (let i = 1; i < 4; i++) {
        live.turn(() => live.it.n.inc());
        expect(live.html()).toBe(`<main><em>VANGO_RENDER</em><p>${i}</p></main>`);
      }
      expect(live.world.codes()).toEqual(["VANGO_RENDER"]);
      expect((live.it.list as unknown as { subs: unknown }).subs).toBeUndefined();
    }
  });

  it("LT9: a fallback that throws goes to the next boundary; without one the page is emptied and the session lives", () => {
    const bad = (): never => {
      throw new Error("fallback");
    };
    const live = openWith((setup) => {
      const n = setup.signal(0);
      return { n, view: () => html`<main><${Boundary} fallback=${fallback}><div><${Boundary} fallback=${bad}>${() => failAt(n, 1)}</${Boundary}></div></${Boundary}></main>` };
    });
    live.turn(() => live.it.n.set(1));
    expect(live.html()).toBe("<main><em>VANGO_RENDER</em></main>");
    expect(live.world.codes()).toEqual(["VANGO_RENDER", "VANGO_RENDER"]);
    const bare = openWith((setup) => {
      const n = setup.signal(0);
      return { n, view: () => html`<p>${() => failAt(n, 1)}</p>` };
    });
    bare.turn(() => bare.it.n.set(1));
    expect([bare.html(), bare.world.codes()]).toEqual(["", ["VANGO_RENDER"]]);
    expect(bare.turn(() => bare.it.n.set(2))).toBeUndefined();
  });

  it("LT9: the inner of nested boundaries catches", () => {
    const live = openWith((setup) => {
      const n = setup.signal(0);
      return { n, view: () => html`<main><${Boundary} fallback=${fallback}>outer <${Boundary} fallback=${() => "inner failed"}>${() => failAt(n, 1)}</${Boundary}></${Boundary}></main>` };
    });
    live.turn(() => live.it.n.set(1));
    expect(live.html()).toBe("<main>outer inner failed</main>");
  });

  it("LT10: reset renders the children again; it may fail again; elsewhere than in a turn it is refused", () => {
    let reset: (() => void) | undefined;
    const live = openWith((setup) => {
      const n = setup.signal(1);
      const view = (): View => html`<main><${Boundary} fallback=${(_e: VangoError, again: () => void) => ((reset = again), html`<button onClick=${again}>again</button>`)}><p>${() => failAt(n, 1)}</p></${Boundary}></main>`;
      return { n, view };
    });
    expect(live.html()).toBe("<main><button>again</button></main>");
    live.click("button");
    expect(live.html()).toBe("<main><button>again</button></main>");
    live.turn(() => live.it.n.set(2));
    live.click("button");
    expect(live.html()).toBe("<main><p>2</p></main>");
    live.turn(() => live.it.n.set(3));
    expect(live.html()).toBe("<main><p>3</p></main>");
    expect(() => reset?.()).toThrow(/VANGO_OFF_LOOP_WRITE/);
  });

  it("LT10: a fallback is live: signals and lists in it are followed, after SSR and after an update", () => {
    const show = (n: Signal<number>, list: Signal<readonly number[]>) => (): View => ["n=", n, each(list, (x) => x, (x) => html`<i>${x}</i>`)];
    for (const first of [0, 1]) {
      const live = openWith((setup) => {
        const n = setup.signal(first);
        const list = setup.signal<readonly number[]>([7]);
        return { n, list, view: () => html`<main><${Boundary} fallback=${show(n, list)}><p>${() => failAt(n, 1)}</p></${Boundary}></main>` };
      });
      live.turn(() => live.it.n.set(1));
      expect(live.html()).toBe("<main>n=1<i>7</i></main>");
      live.turn(() => {
        live.it.n.set(4);
        live.it.list.append(8);
      });
      expect(live.html()).toBe("<main>n=4<i>7</i><i>8</i></main>");
    }
  });

  it("LT8: a frame with a failure holds nothing of the part that failed", () => {
    const live = openWith((setup) => {
      const n = setup.signal(0);
      return {
        n,
        view: () => html`<main><${Boundary} fallback=${fallback}><div>${() => (n.get() === 1 ? [html`<p>half</p>`, html`<p title=${() => failAt(n, 1)}>written</p>`] : "fine")}</div></${Boundary}></main>`,
      };
    });
    live.mirror.clear();
    live.turn(() => live.it.n.set(1));
    expect(JSON.stringify(live.mirror.ops())).not.toMatch(/half|written/);
    expect(live.html()).toBe("<main><em>VANGO_RENDER</em></main>");
    expect(live.page.body).toContain("fine");
  });

  it("LT8: a boundary in a row guards that row alone", () => {
    const live = openWith((setup) => {
      const n = setup.signal(0);
      const list = setup.signal<readonly number[]>([1, 2, 3]);
      return { n, list, view: () => html`<ul>${each(list, (x) => x, (x) => html`<li><${Boundary} fallback=${fallback}><b>${() => failAt(n, x)}</b></${Boundary}></li>`)}</ul>` };
    });
    live.turn(() => live.it.n.set(2));
    expect(live.html()).toBe("<ul><li><b>2</b></li><li><em>VANGO_RENDER</em></li><li><b>2</b></li></ul>");
    live.turn(() => live.it.list.update((l) => [...l].reverse()));
    live.turn(() => live.it.n.set(5));
    expect(live.html()).toBe("<ul><li><b>5</b></li><li><em>VANGO_RENDER</em></li><li><b>5</b></li></ul>");
  });

  it("LT8, SS3: SSR and the live tree agree about what failed", () => {
    const Bad = component(() => () => {
      throw new Error("no");
    }) as unknown as Component<object>;
    const lists: View[] = [
      html`<${Boundary} fallback=${fallback}>text <b>b</b>${each([1, 2], (x) => x, (x) => (x === 2 ? html`<${Bad} />` : html`<i></i>`))} more</${Boundary}>`,
      html`<${Boundary} fallback=${fallback}>a<${Bad} />b</${Boundary}>`,
      html`<${Boundary} fallback=${() => [1, html`<b></b>`]}><div><p>${"x"}</p><${Bad} /></div></${Boundary}>`,
      html`<${Boundary} fallback=${fallback}><${Boundary} fallback=${() => { throw new Error("f"); }}><${Bad} /></${Boundary}></${Boundary}>`,
    ];
    for (const view of lists) {
      const live = openPage(component(() => () => html`<main>${view}<p>after</p></main>`));
      expect(live.synced).toBe(false);
      expect(live.html()).toMatch(/^<main>(<em>VANGO_RENDER<\/em>|1<b><\/b>)<p>after<\/p><\/main>$/);
    }
    expect(() => openPage(component(() => () => html`<main><${Bad} /></main>`))).toThrow("no");
  });

  it("LT8: a resource key or a selector source that throws reaches the boundary of its component", () => {
    for (const kind of ["key", "selector"]) {
      const Child = component<{ n: Signal<number> }>((setup, props) => {
        const { n } = props.peek();
        if (kind === "key") setup.resource({ key: () => failAt(n, 1), load: () => 1 });
        const memo = setup.memo(() => failAt(n, 1));
        const selector = kind === "selector" ? setup.selector(memo) : undefined;
        return () => html`<p>${() => String(selector?.is(3))}</p>`;
      });
      const { set } = guarded((n) => html`<${Child} n=${n} />`);
      expect(set(1)).toBe("<main><h1>1</h1><em>VANGO_RENDER</em></main>");
    }
  });
});
