/**
 * Events whose element has gone while they were on their way (SPEC.md S2): none of them runs. What the user's own event before
 * it has taken away is no news to the page; what anything else took away is told, so that no click is lost without a word.
 */
import { component, each, html } from "@vango/core";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../../src/create-app.js";
import { mount, type Page } from "../../src/testing/index.js";

const heard: string[] = [];

const Delete = component<{ run: () => void }>((_setup, props) => () => html`<button onClick=${() => props.peek().run()}>x</button>`);

const List = component((setup) => {
  const rows = setup.signal<readonly string[]>(["a", "b", "c"]);
  const without = (gone: string): void => rows.update((all) => all.filter((row) => row !== gone));
  const remove = (row: string): void => {
    heard.push(`delete ${row}`);
    without(row);
  };
  setup.interval(1000, () => without("b"));
  return () => html`<ul>${each(rows, (row) => row, (row) => html`<li class=${row} onClick=${() => heard.push(`row ${row}`)}><i onClick=${() => remove(row)}>${row}</i><${Delete} run=${() => remove(row)} /></li>`)}</ul>`;
});

/** A page whose messages need 200 ms, so that what the user does is on its way for a while. */
async function open(): Promise<Page> {
  heard.length = 0;
  const page = await mount(
    createApp({
      routes: { buildId: "b", routes: [{ path: "/", kind: "page", load: () => Promise.resolve({ page: List }) }] },
      secret: "testing-secret-of-at-least-32-characters",
      onError: () => undefined,
    }),
    "/",
  );
  onTestFinished(() => page.close());
  page.network.delay = 200;
  return page;
}
const codes = (page: Page): string[] => page.errors().map(({ code }) => code);

it("S2: a double click on a delete button deletes once, and the page hears nothing of the second", async () => {
  const page = await open();
  for (let i = 0; i < 3; i++) await page.locator(".a button").click();
  await page.clock.advance(500);
  expect(heard).toEqual(["delete a"]);
  expect([page.locator("ul").text(), codes(page)]).toEqual(["bxcx", []]);
  await page.settled();
});

it("S2: the outer handler of a click whose inner one took the element away does not run, quietly, in one component or two", async () => {
  const page = await open();
  await page.locator(".a i").click();
  await page.clock.advance(500);
  await page.locator(".c button").click();
  await page.clock.advance(500);
  expect(heard).toEqual(["delete a", "delete c"]);
  expect(codes(page)).toEqual([]);
});

it("S2: a click on what something else has taken away meanwhile is told as VANGO_UNKNOWN_TARGET, once though two handlers would hear it", async () => {
  const page = await open();
  await page.locator(".c").click();
  await page.clock.advance(850);
  await page.locator(".b i").click();
  await page.clock.advance(500);
  expect(heard).toEqual(["row c"]);
  expect([page.locator("ul").text(), codes(page)]).toEqual(["axcx", ["VANGO_UNKNOWN_TARGET"]]);
});

it("S2: once the page has seen what its event took away, the next click that misses is told", async () => {
  const page = await open();
  await page.locator(".a button").click();
  await page.clock.advance(850);
  expect(page.locator("ul").text()).toBe("bxcx");
  await page.locator(".b button").click();
  await page.clock.advance(500);
  expect(heard).toEqual(["delete a"]);
  expect(codes(page)).toEqual(["VANGO_UNKNOWN_TARGET"]);
});
