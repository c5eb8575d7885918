// Keyed lists in a real DOM: what a patch costs, and that nodes, focus and order are those of the server.
import { component, each, type Component } from "@vango/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve } from "./harness/server.js";
import { openTab, PATCH, sizes } from "./harness/tab.js";

const browser = useBrowser();

interface Row {
  readonly id: number;
  readonly text: string;
}
const make = (n: number, from = 1): Row[] => Array.from({ length: n }, (_, i) => ({ id: from + i, text: `row ${from + i}` }));

const Table = (n: number): Component<object> =>
  component((setup) => {
    const rows = setup.signal<readonly Row[]>(make(n));
    const picked = setup.signal<number | null>(null);
    const is = setup.selector(picked);
    return () => (
      <main>
        <button id="one" onClick={() => rows.updateWhere((r) => r.id === 5, (r) => ({ ...r, text: "edited" }))}>edit</button>
        <button id="front" onClick={() => rows.insertAt(0, { id: 900_001, text: "new" })}>front</button>
        <button id="reverse" onClick={() => rows.update((all) => [...all].reverse())}>reverse</button>
        <button id="swap" onClick={() => rows.swap(1, rows.peek().length - 2)}>swap</button>
        <button id="clear" onClick={() => rows.set([])}>clear</button>
        <p id="picked">{picked.get()}</p>
        <ul>
          {each(rows, (r) => r.id, (r) => (
            <li class={{ on: is.is(r.id) }} data-id={r.id}>
              <b>{r.text}</b> <input name={`i${r.id}`} /> <button class="pick" onClick={() => picked.set(r.id)}>pick</button>
            </li>
          ))}
        </ul>
      </main>
    );
  });

describe("cost", () => {
  it("E1 one cell of N rows is one patch of a few bytes, whatever N", async () => {
    const lengths: number[] = [];
    for (const n of [10, 1000, 5000]) {
      const { url } = await serve(Table(n));
      const tab = await openTab(browser(), url);
      tab.clear();
      await tab.page.click("#one");
      await tab.settled();
      expect(await tab.text("li[data-id='5'] b")).toBe("edited");
      expect(tab.down).toHaveLength(1);
      lengths.push(...sizes(tab.down, PATCH));
    }
    expect(lengths).toHaveLength(3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16);
    expect(new Set(lengths).size, `${lengths.join()}`).toBe(1);
  });

  it("E1 scenario 17: a row inserted at the front of 1,000 is one insert and no move", async () => {
    const { url } = await serve(Table(1000));
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => {
      const seen: [number, number][] = [];
      new MutationObserver((all) => {
        for (const { addedNodes, removedNodes } of all) seen.push([addedNodes.length, removedNodes.length]);
      }).observe(document.querySelector("ul") as Node, { childList: true });
      Object.assign(globalThis, { seen });
    });
    tab.clear();
    await tab.page.click("#front");
    await tab.settled();
    expect(await tab.page.evaluate(() => (globalThis as unknown as { seen: number[][] }).seen)).toEqual([[1, 0]]);
    expect(await tab.text("li:first-child b")).toBe("new");
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
  });

  it("E1 a selection among 1,000 rows is two class patches in one frame", async () => {
    const { url } = await serve(Table(1000));
    const tab = await openTab(browser(), url);
    await tab.page.click("li[data-id='3'] .pick");
    await tab.settled();
    tab.clear();
    await tab.page.click("li[data-id='700'] .pick");
    await tab.settled();
    expect(await tab.page.locator("li.on").evaluateAll((all) => all.map((li) => li.dataset["id"]))).toEqual(["700"]);
    expect(await tab.text("#picked")).toBe("700");
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
    expect(sizes(tab.down, PATCH)[0]).toBeLessThanOrEqual(32);
  });
});

describe("identity", () => {
  it("E1 scenario 15: 100 rows reversed keep their nodes, and the focused input its caret, selection and typed text", async () => {
    const { url } = await serve(Table(100));
    const tab = await openTab(browser(), url);
    const input = tab.page.locator("li[data-id='50'] input");
    await input.fill("typed text");
    await input.evaluate((el) => {
      const control = el as HTMLInputElement;
      control.focus();
      control.setSelectionRange(2, 7);
      const nodes = [...document.querySelectorAll("li")];
      Object.assign(globalThis, { nodes, focused: control, lost: 0 });
      control.addEventListener("blur", () => void ((globalThis as unknown as { lost: number }).lost += 1));
    });
    // Without the mouse: a click would take the focus away.
    await tab.page.evaluate(() => document.getElementById("reverse")?.click());
    await tab.settled();
    const seen = await tab.page.evaluate(() => {
      const { nodes, focused } = globalThis as unknown as { nodes: Element[]; focused: HTMLInputElement };
      const now = [...document.querySelectorAll("li")];
      return {
        same: now.every((li, i) => li === nodes[99 - i]),
        order: now.map((li) => Number(li.dataset["id"])),
        focus: document.activeElement === focused,
        selection: [focused.selectionStart, focused.selectionEnd],
        value: focused.value,
        moveBefore: "moveBefore" in Element.prototype,
        lost: (globalThis as unknown as { lost: number }).lost,
      };
    });
    expect(seen).toEqual({
      same: true, order: Array.from({ length: 100 }, (_, i) => 100 - i), focus: true, selection: [2, 7], value: "typed text", moveBefore: true, lost: 0,
    });
  });

  it("E1 two rows of 1,000 swapped are two moves; clear empties the range in one operation", async () => {
    const { url } = await serve(Table(1000));
    const tab = await openTab(browser(), url);
    tab.clear();
    await tab.page.click("#swap");
    await tab.settled();
    expect(await tab.page.locator("li").evaluateAll((all) => [all[1]?.dataset["id"], all[998]?.dataset["id"], all.length])).toEqual(["999", "2", 1000]);
    expect(sizes(tab.down, PATCH)[0]).toBeLessThanOrEqual(16);
    tab.clear();
    await tab.page.click("#clear");
    await tab.settled();
    expect(await tab.page.locator("li").count()).toBe(0);
    expect(sizes(tab.down, PATCH)[0]).toBeLessThanOrEqual(8);
  });
});

// ---- scenario 16: random edits. The page's rows are driven from here, and compared with what the list says.

type Shape = "flat" | "component" | "multi-root" | "mixed";

const Nested = component<{ row: Row }>((setup, props) => {
  const clicks = setup.signal(0);
  return () => (
    <div class="item" data-id={props.get().row.id}>
      <b>{props.get().row.text}</b> <button onClick={() => clicks.inc()}>{clicks.get()}</button>
    </div>
  );
});

class Source<T> {
  readonly listeners = new Set<(v: T) => void>();
  readonly subscribe = (push: (v: T) => void): (() => void) => {
    this.listeners.add(push);
    return () => this.listeners.delete(push);
  };
  push(v: T): void {
    for (const push of this.listeners) push(v);
  }
}

function randomPage(shape: Shape, source: Source<readonly Row[]>, first: readonly Row[]): Component<object> {
  return component((setup) => {
    const rows = setup.signal(first);
    const version = setup.signal(0);
    setup.subscribe(source.subscribe, (next) => {
      rows.set(next);
      version.inc();
    });
    return () => (
      <main>
        <p id="version">{version.get()}</p>
        <section>
          before
          {each(rows, (r) => r.id, (r) => {
            if (shape === "component" || (shape === "mixed" && r.id % 3 === 0)) return <Nested row={r} />;
            if (shape === "multi-root" || (shape === "mixed" && r.id % 3 === 1)) {
              return (
                <>
                  <i>{r.id}</i>
                  <div class="item" data-id={r.id}><b>{r.text}</b></div>
                  tail
                </>
              );
            }
            return <div class="item" data-id={r.id}><b>{r.text}</b></div>;
          })}
          after
        </section>
      </main>
    );
  });
}

/** Edits of a list as numbers, so that they shrink: what to do, where, how many. */
type Edit = readonly [kind: number, at: number, count: number];

function edit(list: readonly Row[], [kind, at, count]: Edit, fresh: () => Row): readonly Row[] {
  const n = list.length;
  const i = n === 0 ? 0 : at % n;
  const out = [...list];
  switch (kind % 8) {
    case 0:
      out.splice(at % (n + 1), 0, ...Array.from({ length: 1 + (count % 4) }, fresh));
      return out;
    case 1:
      out.splice(i, 1 + (count % 4));
      return out;
    case 2:
      out.splice(count % (n || 1), 0, ...out.splice(i, 1 + (count % 3)));
      return out;
    case 3:
      return out.reverse();
    case 4:
      return out.map((r, k) => (k % (1 + (count % 3)) === 0 ? { ...r, text: `${r.text}'` } : r));
    case 5:
      // Sorted by a random order.
      return out.map((r) => [(r.id * 7919 + at) % 101, r] as const).sort((a, b) => a[0] - b[0]).map(([, r]) => r);
    case 6:
      // Insert, move, change and delete in one update.
      out.splice(i, 1, fresh());
      if (out.length > 2) out.push(...out.splice(0, 1 + (count % 2)));
      out.splice(at % (out.length + 1), 0, fresh(), fresh());
      return out.map((r, k) => (k === i ? { ...r, text: `${r.text}*` } : r));
    default:
      return count % 5 === 0 ? [] : [fresh(), ...out, fresh()];
  }
}

const RUNS = 12;
const EDITS = 25;

/** What a page shows: its rows, and whether each node that was there before is the same one. */
interface Seen {
  readonly ids: number[];
  readonly texts: string[];
  readonly kept: boolean;
  readonly outside: string;
}

describe("random edits", () => {
  it.each(["flat", "component", "multi-root", "mixed"] as const)(
    `E1 scenario 16: order equals the server's and nodes keep their keys (%s rows, ${RUNS * EDITS} edits)`,
    async (shape) => {
      const source = new Source<readonly Row[]>();
      const start = make(12);
      const { url, errors } = await serve(randomPage(shape, source, start));
      const tab = await openTab(browser(), url);
      await tab.page.evaluate(() => {
        const nodes = new Map<string, Element>();
        const keep = (): Seen => {
          const section = document.querySelector("section") as Element;
          const all = [...section.querySelectorAll<HTMLElement>(".item")];
          const kept = all.every((el) => (nodes.get(el.dataset["id"] ?? "") ?? el) === el);
          nodes.clear();
          for (const el of all) nodes.set(el.dataset["id"] ?? "", el);
          const texts = all.map((el) => el.querySelector("b")?.textContent ?? "");
          return { ids: all.map((el) => Number(el.dataset["id"])), texts, kept, outside: section.textContent ?? "" };
        };
        const version = document.getElementById("version") as Element;
        /** What the page is once it shows a version: one question from outside for each edit. */
        const at = (wanted: string): Promise<Seen> =>
          new Promise((resolve) => {
            const look = (): void => {
              if (version.textContent !== wanted) return;
              observer.disconnect();
              resolve(keep());
            };
            const observer = new MutationObserver(look);
            observer.observe(version, { childList: true, characterData: true, subtree: true });
            look();
          });
        Object.assign(globalThis, { at });
        keep();
      });
      let list: readonly Row[] = start;
      let version = 0;
      let nextId = 1000;
      const fresh = (): Row => ({ id: nextId++, text: `row ${nextId}` });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(7), fc.nat(60), fc.nat(9)), { minLength: EDITS, maxLength: EDITS }), async (edits) => {
          for (const step of edits) {
            list = edit(list, step, fresh);
            source.push(list);
            version++;
            const seen = await tab.page.evaluate((v) => (globalThis as unknown as { at(wanted: string): Promise<Seen> }).at(v), String(version));
            expect(seen.ids).toEqual(list.map((r) => r.id));
            expect(seen.texts).toEqual(list.map((r) => r.text));
            expect(seen.kept).toBe(true);
            expect(seen.outside.trim().startsWith("before") && seen.outside.trim().endsWith("after")).toBe(true);
          }
        }),
        // The page goes on from run to run, so there is no going back to shrink: the seed and the edits are printed instead.
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(errors).toEqual([]);
      const html = await tab.page.evaluate(() => document.querySelector("section")?.innerHTML);
      const fetched = await (await fetch(url)).text();
      expect(fetched).toContain("<section>");
      // The page after all patches is what a fresh mount of the same list renders.
      const again = await serve(randomPage(shape, new Source(), list));
      const other = await openTab(browser(), again.url);
      const plain = (text: string | undefined): string => (text ?? "").replaceAll("<!---->", "");
      expect(plain(html)).toBe(plain(await other.page.evaluate(() => document.querySelector("section")?.innerHTML)));
    },
    60_000,
  );
});

describe("content", () => {
  it("E1 scenario 18: one text among mixed children changes, its siblings are not touched", async () => {
    const Mixed = component((setup) => {
      const a = setup.signal("a1");
      const b = setup.signal("b1");
      return () => (
        <main>
          <p id="mixed">start {a.get()} <em>em</em> middle {b.get()} <strong>s</strong> end</p>
          <button id="go" onClick={() => b.set("b2")}>go</button>
        </main>
      );
    });
    const { url } = await serve(Mixed);
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => {
      const p = document.getElementById("mixed") as Element;
      Object.assign(globalThis, { nodes: [...p.childNodes], touched: 0 });
      new MutationObserver((all) => {
        for (const m of all) (globalThis as unknown as { touched: number }).touched += m.type === "characterData" ? 1 : 100;
      }).observe(p, { childList: true, characterData: true, subtree: true, attributes: true });
    });
    await tab.page.click("#go");
    await tab.settled();
    expect(await tab.text("#mixed")).toBe("start a1 em middle b2 s end");
    const seen = await tab.page.evaluate(() => {
      const g = globalThis as unknown as { nodes: Node[]; touched: number };
      const now = [...(document.getElementById("mixed") as Element).childNodes];
      return { same: now.length === g.nodes.length && now.every((n, i) => n === g.nodes[i]), touched: g.touched };
    });
    expect(seen).toEqual({ same: true, touched: 1 });
  });

  it("E1 scenario 19: an SVG child inserted by a patch is in its namespace and has a box", async () => {
    const Svg = component((setup) => {
      const circles = setup.signal<readonly number[]>([]);
      const shown = setup.signal(false);
      return () => (
        <main>
          <svg width="100" height="100" viewBox="0 0 100 100">
            {each(circles, (r) => r, (r) => <circle cx={50} cy={50} r={r} class={`c${r}`} />)}
            {shown.get() ? <g id="group"><rect width={10} height={20} /></g> : null}
          </svg>
          <div id="late">{shown.get() ? <svg width="30" height="30"><path d="M0 0h20v20z" id="path" /></svg> : "none"}</div>
          <button id="go" onClick={() => { circles.append(10, 20); shown.set(true); }}>go</button>
        </main>
      );
    });
    const { url } = await serve(Svg);
    const tab = await openTab(browser(), url);
    await tab.page.click("#go");
    await tab.settled();
    const seen = await tab.page.evaluate(() =>
      [".c10", ".c20", "#group", "#group rect", "#path"].map((css) => {
        const el = document.querySelector(css) as SVGGraphicsElement;
        return [el.namespaceURI, Math.round(el.getBBox().width)];
      }),
    );
    expect(seen).toEqual([20, 40, 10, 10, 20].map((width) => ["http://www.w3.org/2000/svg", width]));
  });

  it("E1 scenario 20: a conditional sibling removed before a stateful child leaves the child its state and its node", async () => {
    const Counter = component((setup) => {
      const n = setup.signal(0);
      return () => <button id="child" onClick={() => n.inc()}>{n.get()}</button>;
    });
    const Parent = component((setup) => {
      const banner = setup.signal(true);
      return () => (
        <main>
          {banner.get() ? <p id="banner">hello</p> : null}
          {banner.get() && <Counter key="other" />}
          <Counter />
          <input id="typed" />
          <button id="hide" onClick={() => banner.toggle()}>hide</button>
        </main>
      );
    });
    const { url } = await serve(Parent);
    const tab = await openTab(browser(), url);
    const child = tab.page.locator("#child").last();
    for (let i = 0; i < 3; i++) await child.click();
    await tab.settled();
    await tab.page.fill("#typed", "kept");
    await tab.page.evaluate(() => Object.assign(globalThis, { node: [...document.querySelectorAll("#child")].at(-1) }));
    await tab.page.click("#hide");
    await tab.settled();
    expect(await tab.page.locator("#banner").count()).toBe(0);
    expect(await tab.page.locator("#child").count()).toBe(1);
    expect(await tab.text("#child")).toBe("3");
    expect(await tab.page.evaluate(() => (globalThis as unknown as { node: Element }).node === document.getElementById("child"))).toBe(true);
    expect(await tab.page.inputValue("#typed")).toBe("kept");
    await tab.page.click("#hide");
    await tab.settled();
    expect(await tab.page.locator("#child").allInnerTexts()).toEqual(["0", "3"]);
    await tab.page.locator("#child").last().click();
    await tab.settled();
    expect(await tab.page.locator("#child").allInnerTexts()).toEqual(["0", "4"]);
  });
});
