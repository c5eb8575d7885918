// What others insert into the live page.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { frame, op, openPage } from "./page.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

it("C34: no path counts what others insert, also before a slot's first patch; what was only moved is still ours", async () => {
  const page = await openPage({ body: `<div><i>a</i><b>b</b><u>c</u></div>`, tables: ["div s:0.0 s:0.1 s:0.2"] });
  await page.live();
  const { document } = page;
  const div = page.$("div");
  div.prepend(document.createElement("x-ext"));
  page.$("b").before(document.createElement("b"));
  // Taken out and put back, as drag-and-drop scripts do.
  const last = page.$("u");
  last.remove();
  div.append(last);
  page.socket.receive(frame(1, [op(1, 0), 0, "A", op(1, 0), 1, "B", op(1, 0), 2, "C"]));
  expect(div.innerHTML).toBe("<x-ext></x-ext><i>A</i><b></b><b>B</b><u>C</u>");
  // What a frame inserts itself is counted.
  page.socket.receive(frame(2, [op(1, 0), 1, "again"]));
  expect(div.innerHTML).toBe("<x-ext></x-ext><i>A</i><b></b><b>again</b><u>C</u>");
  expect(page.heard["vango:error"]).toBeUndefined();
});
