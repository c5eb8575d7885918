// The resume of a page that has missed frames (by id), and of one whose process has ended (by key hash): what the one frame makes
// of it, which nodes stay, and that whatever follows fits.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, each, html } from "../../src/index.js";
import type { View } from "../../src/index.js";
import { keyHash, keysOf } from "../../src/live/keys.js";
import { rowsOf } from "../../src/live/rows.js";
import { parseStructure } from "../../src/live/client-structure.js";
import { syncTree } from "../../src/live/sync.js";
import { sharedWriter } from "../../src/loop/shared-writer.js";
import type { Inst } from "../../src/live/inst.js";
import { decodeServer } from "../../src/protocol/decode-server.js";
import { encodeKeyHashes } from "../../src/protocol/server-messages.js";
import { normaliseHtml } from "../../src/testing/mirror.js";
import { renderOnce } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";
import { openPage, openWith, type Live } from "../loop/harness.js";
import { applyChange, change, model, page, pageOf, type Controls, type Model, type Spec } from "./random-page.js";
import { atLeast } from "../cases.js";
import { same, sameList } from "../same.js";

const RUNS = Number(process.env["VANGO_PROPERTY_RUNS"] ?? 1_000);
const seed = Number(process.env["VANGO_SEED"] ?? Date.now() % 2 ** 31);
console.log(`resync seed ${seed}`);

const rootOf = (live: Live): Inst => live.loop.root as Inst;

/** Ids of the live tree: all items of a range, then what is nested. */
function liveIds(inst: Inst, out: number[] = []): number[] {
  for (const slot of inst.tpl.childSlots) {
    const rows = rowsOf(inst.vals[slot]);
    for (let i = 0; i < (rows?.count ?? 0); i++) out.push(rows?.idAt(i) as number);
    for (let i = 0; i < (rows?.count ?? 0); i++) {
      const nested = rows?.instAt(i);
      if (nested !== undefined) liveIds(nested, out);
    }
  }
  return out;
}

function clientIds(live: Live): number[] {
  const { i = [] } = live.mirror.describe();
  const out: number[] = [];
  for (let r = 0; r < i.length; r += 2) for (let n = 0; n < (i[r + 1] as number); n++) out.push((i[r] as number) + n);
  return out;
}

function expectInStep(live: Live, spec: Spec, now: Model): void {
  same(live.mirror.normalHtml(), normaliseHtml(renderOnce(pageOf(spec, now) as unknown as ComponentType, {}).body));
  sameList(clientIds(live), liveIds(rootOf(live)));
}

function clickAll(live: Live, controls: Controls): void {
  for (const el of live.mirror.select("[data-who]")) {
    let heard: string | undefined;
    controls.clicked = (who) => (heard = who);
    const target = live.mirror.eventAt(el, "click");
    same(live.loop.event(target?.instance ?? -1, target?.slot ?? -1, (type) => ({ type })), undefined);
    same(heard, el.getAttribute("data-who"));
  }
}

/** The first node of every instance that the client has. */
const nodesOf = (live: Live): Map<number, unknown> => new Map([...live.mirror.page.insts].map(([id, inst]) => [id, inst.first]));

function goOn(live: Live, spec: Spec, controls: Controls, from: Model, changes: readonly Parameters<typeof applyChange>[1][]): Model {
  let now = from;
  for (const edit of changes) {
    const next = (now = applyChange(now, edit));
    live.turn(() => controls.set?.(next));
    expectInStep(live, spec, now);
    clickAll(live, controls);
  }
  return now;
}

const some = (maxLength: number) => fc.array(change, { maxLength });

describe("by id", () => {
  it("LT17: whatever was missed, the frame gives the page of now; ids agree, nodes of what stayed are the same, later patches fit", () => {
    let kept = 0;
    let removed = 0;
    fc.assert(
      fc.property(page, model, some(3), some(5), some(3), (spec, first, seen, missed, after) => {
        const controls: Controls = {};
        const live = openPage(pageOf(spec, first, controls));
        let now = first;
        const step = (edit: Parameters<typeof applyChange>[1]): void => {
          const next = (now = applyChange(now, edit));
          live.turn(() => controls.set?.(next));
        };
        seen.forEach(step);
        const before = nodesOf(live);
        live.connected = false;
        missed.forEach(step);
        const ids = liveIds(rootOf(live));
        live.resync("id");
        sameList(liveIds(rootOf(live)), ids);
        expectInStep(live, spec, now);
        for (const id of ids) {
          if (!before.has(id)) continue;
          kept++;
          same<unknown>(live.mirror.page.insts.get(id)?.first, before.get(id));
        }
        for (const id of before.keys()) if (id !== 0 && !ids.includes(id)) removed++;
        clickAll(live, controls);
        goOn(live, spec, controls, now, after);
        live.loop.dispose();
      }),
      { numRuns: RUNS, seed },
    );
    expect(kept).toBeGreaterThan(atLeast(RUNS));
    expect(removed).toBeGreaterThan(atLeast(RUNS) / 4);
  }, 600_000);

  it("LT17: a page in step is written nothing, though all values are sent", () => {
    fc.assert(
      fc.property(page, model, some(3), (spec, first, seen) => {
        const controls: Controls = {};
        const live = openPage(pageOf(spec, first, controls));
        let now = first;
        for (const edit of seen) {
          const next = (now = applyChange(now, edit));
          live.turn(() => controls.set?.(next));
        }
        live.mirror.clear();
        live.resync("id");
        expect(live.mirror.ops()).toEqual([]);
        expectInStep(live, spec, now);
        live.loop.dispose();
      }),
      { numRuns: RUNS / 4, seed },
    );
  }, 600_000);
});

describe("by key", () => {
  /** Every row that has its key on both sides is the same node; no keyed row is another's node. Gives how many stayed. */
  function expectIdentity(live: Live, old: Inst, now: Inst, before: ReadonlyMap<number, unknown>, known: ReadonlySet<number>): number {
    let stayed = 0;
    for (const slot of now.tpl.childSlots) {
      const [was, is] = [rowsOf(old.vals[slot]), rowsOf(now.vals[slot])];
      if (is === undefined) continue;
      const byKey = new Map<unknown, number>();
      for (let i = 0; i < (was?.count ?? 0); i++) if (known.has(was?.idAt(i) as number)) byKey.set(was?.keyAt(i), i);
      for (let i = 0; i < is.count; i++) {
        const id = is.idAt(i);
        if (before.has(id)) same<unknown>(live.mirror.page.insts.get(id)?.first, before.get(id));
        let from = byKey.get(is.keyAt(i));
        if (is.keyed) {
          if (from !== undefined && was?.tplAt(from) === is.tplAt(i)) {
            same(id, was.idAt(from));
            stayed++;
          } else same(before.has(id), false);
        } else from = Array.from({ length: was?.count ?? 0 }, (_, at) => at).find((at) => was?.idAt(at) === id);
        const [a, b] = [from === undefined ? undefined : was?.instAt(from), is.instAt(i)];
        if (a !== undefined && b !== undefined && a.id === b.id) stayed += expectIdentity(live, a, b, before, known);
      }
    }
    return stayed;
  }

  it("LT18: another tree takes the page over: rows stay by key, ids agree, later patches fit", () => {
    let stayed = 0;
    fc.assert(
      fc.property(page, model, some(3), some(5), some(3), fc.constantFrom("all", "half", "none"), fc.boolean(), (spec, first, seen, lost, after, asked, behind) => {
        const controls: Controls = {};
        let live = openPage(pageOf(spec, first, controls));
        let now = first;
        const step = (edit: Parameters<typeof applyChange>[1]): void => {
          const next = (now = applyChange(now, edit));
          live.turn(() => controls.set?.(next));
        };
        seen.forEach(step);
        const old = rootOf(live);
        const ids = liveIds(old);
        const known = new Set(ids.filter((_, i) => asked === "all" || (asked === "half" && i % 2 === 0)));
        const runs = [...known].flatMap((id) => [id, 1]);
        live.mirror.learnKeys(encodeKeyHashes(runs, keysOf(old, runs)));
        const before = nodesOf(live);
        // Of what a client has missed, its old tree is no measure.
        if (behind) {
          live.connected = false;
          lost.forEach(step);
        } else lost.forEach((edit) => (now = applyChange(now, edit)));
        live = live.restart(pageOf(spec, now, controls));
        expectInStep(live, spec, now);
        if (!behind) stayed += expectIdentity(live, old, rootOf(live), before, known);
        clickAll(live, controls);
        now = goOn(live, spec, controls, now, after);
        // And a frame that is missed after that.
        live.connected = false;
        const next = (now = applyChange(now, { c: "num", v: 1, to: 3 }));
        live.turn(() => controls.set?.(next));
        live.resync("id");
        expectInStep(live, spec, now);
        live.loop.dispose();
      }),
      { numRuns: RUNS, seed },
    );
    expect(stayed).toBeGreaterThan(atLeast(RUNS) / 4);
  }, 600_000);

  it("LT18: keys decide, not places; a row whose key nobody knows is inserted anew", () => {
    const list = (ids: readonly (number | string)[]) => component(() => () => html`<ul>${each(ids, (x) => x, (x) => html`<li>${String(x)}</li>`)}</ul>`);
    const open = (asked: boolean) => {
      const live = openPage(list([1, 2, "2", 3]));
      const ids = liveIds(rootOf(live));
      if (asked) live.mirror.learnKeys(encodeKeyHashes([ids[0] as number, ids.length], keysOf(rootOf(live), [ids[0] as number, ids.length])));
      return { live, nodes: live.mirror.select("li") };
    };
    const { live, nodes } = open(true);
    const after = live.restart(list([3, "2", 5, 1]));
    expect(after.html()).toBe("<ul><li>3</li><li>2</li><li>5</li><li>1</li></ul>");
    const now = after.mirror.select("li");
    expect([now[0], now[1], now[3]]).toEqual([nodes[3], nodes[2], nodes[0]]);
    expect(now[2]).not.toBe(nodes[1]);
    const blind = open(false);
    const renewed = blind.live.restart(list([1, 2, "2", 3]));
    for (const node of renewed.mirror.select("li")) expect(blind.nodes).not.toContain(node);
  });

  it("LT18: without keys the same template in the same place stays, from both ends", () => {
    const page = (extra: boolean) => component(() => () => html`<main>${[html`<h1>a</h1>`, extra ? html`<b>new</b>` : null, html`<input>`]}</main>`);
    const live = openPage(page(false));
    const [input] = live.mirror.select("input");
    const after = live.restart(page(true));
    expect(after.html()).toBe("<main><h1>a</h1><b>new</b><input></main>");
    expect(after.mirror.select("input")[0]).toBe(input);
    const keyed = (key: string) => component(() => () => html`<main>${() => html`<p key=${key}>x</p>`}</main>`);
    const one = openPage(keyed("a"));
    const [p] = one.mirror.select("p");
    expect(one.restart(keyed("b")).mirror.select("p")[0]).not.toBe(p);
  });
});

describe("spreads", () => {
  it("LT19: of a spread that stays, all names go that the server does not know; the element stays", () => {
    const view = (props: object) => component(() => () => html`<main><input ...${props}></main>`);
    const live = openPage(view({ title: "a", lang: "en", "data-x": 1, ariaLabel: "l" }));
    const [input] = live.mirror.select("input");
    const after = live.restart(view({ lang: "de", ariaLabel: "m", id: null }));
    expect(after.mirror.normalHtml()).toBe(normaliseHtml('<main><input lang="de" arialabel="m"></main>'));
    expect(after.mirror.select("input")[0]).toBe(input);
    const mixed = (props: object) => component(() => () => html`<main><input type="text" class=${"c"} ...${props} onClick=${() => undefined}></main>`);
    const other = openPage(mixed({ title: "a" })).restart(mixed({ lang: "de" }));
    expect(other.mirror.normalHtml()).toBe('<main><input class="c" lang="de" type="text"></main>');
    other.click("input");
    const none = after.restart(view({}));
    expect(none.html()).toBe("<main><input></main>");
  });
});

describe("hostile", () => {
  it("LT21: any structure, ids and keys end in a frame or in VANGO_BAD_STRUCTURE; the tree is whole and works on", () => {
    const number = fc.oneof({ weight: 8, arbitrary: fc.nat(9) }, fc.nat(300));
    let synced = 0;
    fc.assert(
      fc.property(page, model, fc.array(number, { maxLength: 12 }), fc.array(fc.nat(40), { maxLength: 12 }), fc.nat(40), fc.constantFrom("id" as const, "key" as const), change, (spec, first, junk, ids, at, by, edit) => {
        const controls: Controls = {};
        const live = openPage(pageOf(spec, first, controls));
        const { t, s, i = [] } = live.mirror.describe();
        const told = { t, s: s.slice(), i: i.slice() };
        // The client's own page with a part that is made up; then its ids may be any others, as many as it takes.
        told.s.splice(at % (s.length + 1), junk.length % 3, ...junk);
        const count = i.filter((_, n) => n % 2 === 1).reduce((sum, n) => sum + n, 0);
        if (ids.length > 6) told.i = Array.from({ length: count }, (_, n) => [(ids[n % ids.length] as number) * 50 + n + 1, 1]).flat();
        if (junk.length > 8) told.s = s.slice();
        live.connected = false;
        const before = liveIds(rootOf(live)).length;
        let bad = false;
        try {
          const structure = parseStructure(told.t, told.s, told.i, by === "key" && at % 2 === 0 ? Array.from({ length: count }, (_, n) => n % 3) : undefined);
          live.loop.nextId = Math.max(live.loop.nextId, structure.nextId);
          syncTree(rootOf(live), structure.contents, by, live.loop);
          synced++;
        } catch (error) {
          bad = true;
          same((error as { code?: string }).code, "VANGO_BAD_STRUCTURE");
        } finally {
          sharedWriter.reset();
        }
        const after = liveIds(rootOf(live));
        same(after.length, before);
        same(new Set(after).size, before);
        const now = applyChange(first, edit);
        same(live.turn(() => controls.set?.(now)), undefined);
        if (bad) live.resync("id");
        else live.loop.dispose();
      }),
      { numRuns: RUNS, seed },
    );
    expect(synced).toBeGreaterThan(atLeast(RUNS) / 10);
  }, 600_000);
});

describe("keys", () => {
  it("LT20: key hashes are those of the rows that were asked for, in their order; 0 for what has none or is gone", () => {
    const live = openPage(component(() => () => html`<ul>${each(["a", 7], (x) => x, (x) => html`<li>${x}</li>`)}</ul>`));
    const [, a, b] = liveIds(rootOf(live));
    expect([...keysOf(rootOf(live), [b as number, 1, 900, 2, a as number, 1])]).toEqual([keyHash(7), 0, 0, keyHash("a")]);
    expect(keyHash(7)).not.toBe(keyHash("7"));
    const message = decodeServer(encodeKeyHashes([a as number, 2], keysOf(rootOf(live), [a as number, 2])));
    expect(message).toEqual({ kind: 9, keys: new Map([[a, keyHash("a")], [b, keyHash(7)]]) });
  });

  it("LT20: no key has the hash 0", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true })), (key) => keyHash(key) > 0), { seed });
  });
});

describe("size", () => {
  it("LT17: a page of 1,000 rows costs its texts and a few bytes a row", () => {
    const rows = Array.from({ length: 1000 }, (_, id) => ({ id, label: `row number ${id}`, on: id % 7 === 0 }));
    const live = openWith((s) => {
      const list = s.signal<readonly (typeof rows)[number][]>(rows);
      const view = (): View => html`<table><tbody>${each(list, (r) => r.id, (r) => html`<tr class=${r.on ? "on" : null}><td>${r.id}</td><td>${r.label}</td></tr>`)}</tbody></table>`;
      return { view, list };
    });
    live.connected = false;
    live.turn(() => live.it.list.set([...rows.slice(500), ...rows.slice(0, 490)]));
    const bytes = live.resync("id");
    const texts = rows.reduce((n, r) => n + `${r.id}${r.label}`.length, 0);
    console.log(`by id, 1,000 rows of three slots, half moved: ${bytes} B, texts ${texts} B`);
    expect(live.mirror.select("tr").length).toBe(990);
    expect(bytes).toBeLessThan(texts + 1000 * 20);
  });
});
