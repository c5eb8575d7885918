// The panel as a page, on the recording sink, with a clock that the test moves.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { record } from "@vango/core/testing";
import { DEVTOOLS_LIMITS } from "../src/limits.js";
import { createPanel } from "../src/panel.js";
import { SessionLog } from "../src/session-log.js";

const clear = (seq: number, instance: number): Uint8Array => Uint8Array.of(2, seq, 0, 2, instance * 8 + 5, 0);

describe("panel", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open() {
    const log = new SessionLog();
    const page = record(createPanel(log));
    const tick = (): void => {
      vi.advanceTimersByTime(DEVTOOLS_LIMITS.refreshMs);
      page.flush();
    };
    return { log, page, tick };
  }

  it("D4, D5, D10: shows sessions and frames while it is open, and says when there are none", () => {
    const { log, page, tick } = open();
    expect(page.html()).toContain("No session yet");
    log.joined({ id: "session-1", tab: "tab-1", route: "/issues" });
    log.frame("session-1", clear(1, 4));
    tick();
    expect(page.html()).toContain("tab-1");
    expect(page.html()).toContain("/issues");
    expect(page.html()).toContain("clear #4.0");
    expect(page.html()).toContain("1 live, 1 frames");
    expect(page.html()).not.toContain("No session yet");
    page.clear();
    log.frame("session-1", clear(2, 9));
    tick();
    expect(page.patches().filter(({ op }) => op === "insert")).toHaveLength(1);
    expect(page.html().indexOf("clear #9.0")).toBeLessThan(page.html().indexOf("clear #4.0"));
  });

  it("D6: an idle panel sends nothing", () => {
    const { log, page, tick } = open();
    log.joined({ id: "s", tab: "t", route: "/" });
    tick();
    page.clear();
    for (let n = 0; n < 20; n++) tick();
    expect(page.frames()).toHaveLength(0);
  });

  it("D10: choosing a session shows its frames alone; choosing it again shows all", () => {
    const { log, page, tick } = open();
    for (const id of ["a", "b"]) log.joined({ id, tab: `tab-${id}`, route: "/" });
    log.frame("a", clear(1, 4));
    log.frame("b", clear(1, 5));
    tick();
    page.fire("tbody tr:nth-child(2) button", "click");
    expect(page.html()).toContain("clear #4.0");
    expect(page.html()).not.toContain("clear #5.0");
    page.fire("tbody tr:nth-child(2) button", "click");
    expect(page.html()).toContain("clear #5.0");
  });

  it("D10: filter, pause and clear", () => {
    const { log, page, tick } = open();
    log.joined({ id: "a", tab: "tab-a", route: "/" });
    log.frame("a", clear(1, 4));
    log.frame("a", clear(2, 5));
    tick();
    page.fire("input", "input", { value: "#5" });
    expect(page.html()).not.toContain("clear #4.0");
    page.fire("input", "input", { value: "nothing like this" });
    expect(page.html()).toContain("No patch matches");
    page.fire("input", "input", { value: "" });
    page.fire(".tools button:first-of-type", "click");
    expect(page.html()).toContain("Resume");
    log.frame("a", clear(3, 6));
    tick();
    expect(page.html()).not.toContain("clear #6.0");
    page.fire(".tools button:first-of-type", "click");
    tick();
    expect(page.html()).toContain("clear #6.0");
    page.fire(".tools button:last-of-type", "click");
    expect(page.html()).toContain("No patch yet");
    expect(log.snapshot().frames).toHaveLength(0);
  });

  it("D1: what an app sends is text, never markup", () => {
    const { log, page, tick } = open();
    log.joined({ id: "x", tab: "<img src=x>", route: "/<script>" });
    tick();
    expect(page.html()).toContain("&lt;img");
    expect(page.html()).not.toContain("<img");
    expect(page.html()).not.toContain("<script>");
  });
});
