// `@vango/server/testing` as users have it, beside a real browser: the same steps on the same app show the same page.
import { component, each, Link, on } from "@vango/core";
import { mount } from "@vango/server/testing";
import { expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { route, serve } from "./harness/server.js";
import { openTab } from "./harness/tab.js";

const browser = useBrowser();

interface Item {
  readonly id: number;
  readonly text: string;
  readonly done: boolean;
}

const Row = component<{ item: Item; remove: () => void; toggle: () => void }>((setup, props) => {
  const hits = setup.signal(0);
  return () => (
    <li class={{ done: props.get().item.done }} data-testid={`item-${props.get().item.id}`}>
      {props.get().item.text} <button onClick={() => hits.inc()}>hit {hits.get()}</button>
      <button aria-label={`Toggle ${props.get().item.text}`} onClick={() => props.get().toggle()}>t</button>
      <button aria-label={`Remove ${props.get().item.text}`} onClick={() => props.get().remove()}>×</button>
    </li>
  );
});

const Board = component((setup) => {
  const items = setup.signal<readonly Item[]>([{ id: 1, text: "one", done: false }, { id: 2, text: "two", done: true }]);
  const only = setup.signal("all");
  let next = 3;
  const shown = setup.memo(() => items.get().filter((i) => only.get() === "all" || i.done === (only.get() === "done")));
  return () => (
    <main>
      <form onSubmit={on({ preventDefault: true }, (e) => { items.append({ id: next++, text: String(e.data.get("text")), done: false }); })}>
        <label>Text <input name="text" /></label> <button>Add</button>
      </form>
      <select aria-label="Show" value={only.get()} onChange={(e) => only.set(e.value)}><option value="all">all</option><option value="done">done</option><option value="open">open</option></select>
      {shown.get().length === 0 ? <p>nothing</p> : `${shown.get().length} of ${items.get().length}`}
      <ul>
        {each(shown, (i) => i.id, (i) => (
          <Row item={i} remove={() => items.removeWhere((o) => o.id === i.id)} toggle={() => items.updateWhere((o) => o.id === i.id, (o) => ({ ...o, done: !o.done }))} />
        ))}
      </ul>
      <button onClick={() => items.update((all) => [...all].reverse())}>Reverse</button>
      <Link href="/other">other</Link>
    </main>
  );
});
const Other = component(() => () => <main><h1>other</h1><Link href="/">back</Link></main>);

it("E8 scenario 77: mount() and Chromium show the same page after every step, and count the same frames", async () => {
  const server = await serve([route("/", Board), route("/other", Other)]);
  const tab = await openTab(browser(), server.url);
  const page = await mount(server.app, "/");
  type Step = { readonly in: () => Promise<void>; readonly out: () => Promise<void> };
  const button = (name: string): Step => ({ in: () => page.getByRole("button", { name }).click(), out: () => tab.page.getByRole("button", { name, exact: true }).first().click() });
  const link = (name: string): Step => ({ in: () => page.getByRole("link", { name }).click(), out: () => tab.page.getByRole("link", { name }).click() });
  const add = (text: string): Step => ({
    in: async () => {
      await page.locator("[name=text]").fill(text);
      await page.getByRole("button", { name: "Add" }).click();
    },
    out: async () => {
      await tab.page.fill("[name=text]", text);
      await tab.page.getByRole("button", { name: "Add", exact: true }).click();
    },
  });
  const show = (what: string): Step => ({ in: () => page.getByRole("combobox", { name: "Show" }).fill(what), out: async () => void (await tab.page.selectOption("select", what)) });
  const steps: Step[] = [
    button("hit 0"), add("three"), button("Toggle one"), button("Reverse"), show("done"), button("Remove two"), show("open"), add("<b>four</b>"),
    button("Remove three"), button("Remove <b>four</b>"), show("all"), add("five"), button("hit 0"), link("other"), link("back"), button("Reverse"),
  ];
  const plain = (html: string): string => html.replace(/<!---->| v="[\d,]*"/g, "").replace(/ (value|class)="[^"]*"/g, "").replace(/ tabindex="-1"/g, "");
  for (const [i, step] of steps.entries()) {
    await step.in();
    await step.out();
    await tab.settled();
    const seen = await tab.page.evaluate(() => document.querySelector("main")?.outerHTML ?? "");
    expect(plain(page.html()), `step ${i + 1}`).toBe(plain(seen));
    const classes = await tab.page.locator("li").evaluateAll((all) => all.map((li) => li.className));
    expect(Array.from({ length: page.locator("li").count() }, (_, k) => page.locator("li").nth(k).attr("class") ?? "")).toEqual(classes);
  }
  expect(page.frames().map((f) => f.length)).toEqual(tab.down.filter((m) => m[0] === 2).map((m) => m.length));
  expect(page.errors()).toEqual([]);
  await page.close();
});
