// Resources: states, keys, aborts, retries, what is handed over from a GET.
import { describe, expect, it } from "vitest";
import { component, html } from "../../src/index.js";
import type { Resource, ResourceOptions, Setup, View } from "../../src/index.js";
import { ResultPool } from "../../src/loop/result-pool.js";
import { getPage, openPage, openWith, World } from "../loop/harness.js";

/** Loads that a test answers by hand. */
class Loads {
  readonly calls: { key: unknown; signal: AbortSignal; ok(v: string): void; fail(e: unknown): void }[] = [];
  readonly load = (key: unknown, { signal }: { signal: AbortSignal }): Promise<string> =>
    new Promise((ok, fail) => this.calls.push({ key, signal, ok, fail }));
}

const branches = (data: Resource<string>): View =>
  data.match({
    pending: () => "pending",
    loading: (stale) => `loading ${String(stale)}`,
    ready: (v) => `ready ${v}`,
    error: (e, retry) => html`<button onClick=${retry}>${(e as Error).message}</button>`,
  });

async function open(o: Partial<ResourceOptions<string, string>> = {}, world = new World()) {
  const loads = new Loads();
  const live = openWith((setup) => {
    const key = setup.signal("A");
    const data = setup.resource<string, string>({ key: () => key.get(), load: loads.load, ssr: "defer", ...o });
    return { key, data, view: () => html`<p>${() => branches(data)}</p>` };
  }, { world });
  await live.world.settle();
  const text = (): string => live.html().replace(/<\/?p>/g, "");
  const answer = async (i: number, v: string | Error): Promise<string> => {
    if (v instanceof Error) loads.calls[i]?.fail(v);
    else loads.calls[i]?.ok(v);
    await live.world.settle();
    return text();
  };
  return { live, loads, text, answer, ...live.it, turn: live.turn, world: live.world };
}

describe("resources", () => {
  it("RS1: pending, ready, loading with the stale data, ready again", async () => {
    const r = await open();
    expect([r.text(), r.data.state()]).toEqual(["pending", "pending"]);
    expect(await r.answer(0, "one")).toBe("ready one");
    r.turn(() => r.data.refetch());
    expect([r.text(), r.data.data()]).toEqual(["loading one", "one"]);
    expect(await r.answer(1, "two")).toBe("ready two");
  });

  it("RS1: without a loading branch the data of the same key stays, that of another key is pending", async () => {
    const loads = new Loads();
    const live = openWith((setup) => {
      const key = setup.signal("A");
      const data = setup.resource<string, string>({ key: () => key.get(), load: loads.load });
      return { key, data, view: () => html`<p>${() => data.match({ pending: () => "…", ready: (v) => v })}</p>` };
    });
    await live.world.settle();
    loads.calls[1]?.ok("one");
    loads.calls[0]?.ok("one");
    await live.world.settle();
    expect(live.html()).toBe("<p>one</p>");
    live.turn(() => live.it.data.invalidate());
    expect(live.html()).toBe("<p>one</p>");
    live.turn(() => live.it.key.set("B"));
    expect(live.html()).toBe("<p>…</p>");
  });

  it("RS2, scenario 31: A → B → A: only the last load counts, the earlier ones are aborted", async () => {
    const r = await open();
    r.turn(() => r.key.set("B"));
    r.turn(() => r.key.set("A"));
    expect(r.loads.calls.map((c) => [c.key, c.signal.aborted])).toEqual([["A", true], ["B", true], ["A", false]]);
    expect(await r.answer(1, "late B")).toBe("pending");
    expect(await r.answer(0, "late A")).toBe("pending");
    expect(await r.answer(2, "A again")).toBe("ready A again");
    r.turn(() => {
      r.key.set("C");
      r.key.set("A");
    });
    expect([r.loads.calls.length, r.text()]).toEqual([3, "ready A again"]);
  });

  it("RS2: keys are values: equal lists and records do not load again", async () => {
    const keys: unknown[] = [];
    const live = openWith((setup) => {
      const n = setup.signal(1);
      const data = setup.resource({ key: () => ({ page: n.get() % 2, tag: "x" }), load: async (key) => void keys.push(key), ssr: "defer" });
      return { n, data };
    });
    await live.world.settle();
    live.turn(() => live.it.n.set(3));
    await live.world.settle();
    expect(keys).toHaveLength(1);
    live.turn(() => live.it.n.set(4));
    await live.world.settle();
    expect(keys).toEqual([{ page: 1, tag: "x" }, { page: 0, tag: "x" }]);
  });

  it("RS3, scenario 32: a loader that throws shows the error branch; retry recovers", async () => {
    const told: string[] = [];
    const r = await open({ onError: (e) => void told.push((e as Error).message), onSuccess: (v) => void told.push(v) });
    expect(await r.answer(0, new Error("down"))).toBe("<button>down</button>");
    expect((r.data.error() as Error).message).toBe("down");
    r.live.click("button");
    expect(r.text()).toBe("loading undefined");
    expect(await r.answer(1, "up")).toBe("ready up");
    expect([told, r.data.error(), r.world.codes()]).toEqual([["down", "up"], undefined, []]);
  });

  it("RS3: a loader that throws at once is an error state, too", async () => {
    const { html: text, world } = openWith((setup) => {
      const data = setup.resource<undefined, string>({ ssr: "defer", load: () => { throw new Error("sync"); } });
      return { view: () => html`<p>${() => branches(data)}</p>` };
    });
    await world.settle();
    expect(text()).toBe("<p><button>sync</button></p>");
  });

  it("RS3: retry tries again after its delay, so often; a new key ends it", async () => {
    const r = await open({ retry: { count: 2, delay: 100 } });
    expect(await r.answer(0, new Error("1"))).toBe("pending");
    await r.world.advance(99);
    expect(r.loads.calls).toHaveLength(1);
    await r.world.advance(1);
    await r.answer(1, new Error("2"));
    await r.world.advance(100);
    expect(await r.answer(2, new Error("3"))).toBe("<button>3</button>");
    r.turn(() => r.key.set("B"));
    await r.answer(3, new Error("4"));
    r.turn(() => r.key.set("C"));
    await r.world.advance(1_000);
    expect(r.loads.calls.map((c) => c.key)).toEqual(["A", "A", "A", "B", "C"]);
    expect(r.world.timers.size).toBe(0);
  });

  it("RS4: refetch respects staleTime, invalidate does not; mutate writes the data at once", async () => {
    const r = await open({ staleTime: 1_000 });
    await r.answer(0, "one");
    r.turn(() => r.data.refetch());
    expect(r.loads.calls).toHaveLength(1);
    r.turn(() => r.data.mutate((v) => `${v}!`));
    expect(r.text()).toBe("ready one!");
    r.turn(() => r.data.invalidate());
    expect(await r.answer(1, "two")).toBe("ready two");
    await r.world.advance(1_000);
    r.turn(() => r.data.refetch());
    expect(r.loads.calls).toHaveLength(3);
    expect(() => r.data.mutate(() => "x")).toThrow(/VANGO_OFF_LOOP_WRITE/);
  });

  it("RS5: a component that goes aborts its load and hears no more of it", async () => {
    const loads = new Loads();
    const Child = component((setup) => {
      const data = setup.resource<undefined, string>({ load: loads.load, ssr: "defer", retry: { count: 5, delay: 1 } });
      return () => html`<b>${() => branches(data)}</b>`;
    });
    const live = openWith((setup) => {
      const on = setup.signal(true);
      return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : "gone")}</p>` };
    });
    live.turn(() => live.it.on.set(false));
    expect(loads.calls[0]?.signal.aborted).toBe(true);
    loads.calls[0]?.fail(new Error("aborted"));
    await live.world.advance(100);
    expect([live.html(), loads.calls.length, live.world.codes()]).toEqual(["<p>gone</p>", 1, []]);
  });

  it("RS6: a callback that throws is reported as VANGO_DISPATCH; the result stays, the callback's writes do not", async () => {
    const live = openWith((setup) => {
      const n = setup.signal(0);
      const data = setup.resource<undefined, string>({ load: async () => "x", ssr: "defer", onSuccess: () => { n.set(5); throw new Error("cb"); } });
      return { n, data };
    });
    await live.world.settle();
    expect([live.it.data.state(), live.it.n.peek(), live.world.codes()]).toEqual(["ready", 0, ["VANGO_DISPATCH"]]);
  });

  it("RS7: what a GET loaded is taken over by the join: the loader runs once, onSuccess may write", async () => {
    let calls = 0;
    const make = (setup: Setup) => {
      const seen = setup.signal("");
      const data = setup.resource({ load: async () => (calls++, "loaded"), onSuccess: (v: string) => seen.set(v) });
      return { seen, data };
    };
    const c = component((setup) => {
      const { data, seen } = make(setup);
      return () => html`<p>${() => data.match({ pending: () => "pending", ready: (v) => v })}|${seen}</p>`;
    });
    const pool = new ResultPool();
    expect(getPage(c, new World(), pool).body).toBe("<p>pending|</p>");
    await Promise.all(pool.pending);
    expect(getPage(c, new World(), pool).body).toBe("<p>loaded|loaded</p>");
    const joined = openPage(c, { results: new ResultPool(pool.results) });
    expect(joined.html()).toBe("<p>loaded|loaded</p>");
    expect(calls).toBe(1);
  });

  it("RS7: two components without a name never share a result", async () => {
    const make = (what: string) =>
      component((setup) => {
        const data = setup.resource({ load: async () => what });
        return () => html`<b>${() => data.data() ?? "?"}</b>`;
      });
    const [One, Two] = [make("one"), make("two")];
    const c = component(() => () => html`<p><${One} /><${Two} /></p>`);
    const pool = new ResultPool();
    getPage(c, new World(), pool);
    await Promise.all(pool.pending);
    expect(getPage(c, new World(), pool).body).toBe("<p><b>one</b><b>two</b></p>");
  });

  it("RS7: instances of one component whose loader has no key, but other props, never share a result", async () => {
    const Card = component<{ item: { id: number }; n: number }>((setup, props) => {
      const data = setup.resource({ load: async () => `${props.peek().item.id}/${props.peek().n}` });
      return () => html`<b>${() => data.data() ?? "?"}</b>`;
    });
    const c = component(() => () => html`<p><${Card} item=${{ id: 1 }} n=${1} /><${Card} item=${{ id: 2 }} n=${1} /><${Card} item=${{ id: 2 }} n=${2} /></p>`);
    const pool = new ResultPool();
    getPage(c, new World(), pool);
    await Promise.all(pool.pending);
    const joined = openPage(c, { results: new ResultPool(pool.results) });
    expect(joined.html()).toBe("<p><b>1/1</b><b>2/1</b><b>2/2</b></p>");
  });

  it("RS7: a deferred resource shows its pending branch in the GET and loads after the join", async () => {
    let calls = 0;
    const c = component((setup) => {
      const data = setup.resource({ ssr: "defer", load: async () => (calls++, "x") });
      return () => html`<p>${() => data.state()}</p>`;
    });
    const pool = new ResultPool();
    expect([getPage(c, new World(), pool).body, pool.pending.length, calls]).toEqual(["<p>pending</p>", 0, 0]);
    const live = openPage(c);
    await live.world.settle();
    expect([live.html(), calls]).toEqual(["<p>ready</p>", 1]);
  });
});
