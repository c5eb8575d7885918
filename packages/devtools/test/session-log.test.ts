// The log behind the panel.
import { describe, expect, it } from "vitest";
import { DEVTOOLS_LIMITS } from "../src/limits.js";
import { SessionLog } from "../src/session-log.js";

const JOIN = { id: "s1", tab: "t1", route: "/" };
/** PATCH seq 1 ack 0: CLEAR #1.0. */
const PATCH = Uint8Array.of(2, 1, 0, 2, 13, 0);

function log(): { log: SessionLog; clock: { at: number } } {
  const clock = { at: 1000 };
  return { log: new SessionLog({ now: () => clock.at, hidden: (route) => route === "/_vango/devtools" }), clock };
}

describe("SessionLog", () => {
  it("D4: lists live sessions, newest first, with route, time, frames, bytes and last event", () => {
    const { log: sessions, clock } = log();
    sessions.joined({ ...JOIN, boot: JSON.stringify({ t: ["page000000", "p eclick::- s:0"], s: [0, 1, 5, 1] }) });
    clock.at = 2000;
    sessions.joined({ id: "s2", tab: "t2", route: "/b" });
    sessions.event("s1", 1, 0);
    sessions.frame("s1", PATCH);
    expect(sessions.snapshot().sessions[1]).toMatchObject({ events: 1, lastEvent: "click #1.0" });
    sessions.navigated("s1", "/c");
    expect(sessions.snapshot().sessions).toEqual([
      { id: "s2", tab: "t2", route: "/b", state: "live", connectedAt: 2000, frames: 0, bytes: 0, events: 0, lastEvent: "" },
      { id: "s1", tab: "t1", route: "/c", state: "live", connectedAt: 1000, frames: 1, bytes: 6, events: 2, lastEvent: "navigation" },
    ]);
  });

  it("D5: logs patch frames with their operations, newest first, and nothing else", () => {
    const { log: sessions, clock } = log();
    sessions.joined(JOIN);
    sessions.frame("s1", PATCH);
    clock.at = 1500;
    sessions.frame("s1", Uint8Array.of(2, 2, 0, 2, 21, 0));
    sessions.frame("s1", Uint8Array.of(3, 1));
    sessions.frame("unknown", PATCH);
    expect(sessions.snapshot().frames.map(({ n, at, seq, bytes, ops }) => [n, at, seq, bytes, ops.map((op) => op.text)])).toEqual([
      [2, 1500, 2, 6, ["clear #2.0"]],
      [1, 1000, 1, 6, ["clear #1.0"]],
    ]);
  });

  it("D5: patches of a session stand under the tab that its page has now; an older snapshot stays as it was", () => {
    const { log: sessions } = log();
    sessions.joined(JOIN);
    sessions.joined({ ...JOIN, id: "s2", tab: "other" });
    for (const id of ["s1", "s2"]) sessions.frame(id, PATCH);
    const before = sessions.snapshot();
    sessions.joined({ ...JOIN, tab: "again" });
    sessions.frame("s1", PATCH);
    expect(sessions.snapshot().frames.map(({ session, tab }) => [session, tab])).toEqual([["s1", "again"], ["s2", "other"], ["s1", "again"]]);
    expect(before.frames.map(({ tab }) => tab)).toEqual(["other", "t1"]);
  });

  it("D6: a snapshot keeps its identity until something changes", () => {
    const { log: sessions } = log();
    sessions.joined(JOIN);
    const before = sessions.snapshot();
    expect(sessions.snapshot()).toBe(before);
    sessions.event("nobody", 1, 0);
    expect(sessions.snapshot()).toBe(before);
    sessions.event("s1", 1, 0);
    expect(sessions.snapshot()).not.toBe(before);
    expect(before.sessions[0]?.events).toBe(0);
  });

  it("D7: leaves the panel's own sessions out, also after a navigation", () => {
    const { log: sessions } = log();
    sessions.joined({ id: "p", tab: "p", route: "/_vango/devtools" });
    sessions.frame("p", PATCH);
    sessions.joined(JOIN);
    sessions.navigated("s1", "/_vango/devtools");
    expect(sessions.snapshot()).toEqual({ sessions: [], frames: [] });
  });

  it("D8: keeps a bounded number of frames, operations and closed sessions", () => {
    const { log: sessions } = log();
    sessions.joined(JOIN);
    for (let at = 0; at < DEVTOOLS_LIMITS.frames + 10; at++) sessions.frame("s1", PATCH);
    const ops = Array.from({ length: 60 }, () => [13, 0]).flat();
    sessions.frame("s1", Uint8Array.of(2, 1, 0, ops.length, ...ops));
    const { frames } = sessions.snapshot();
    expect(frames.length).toBe(DEVTOOLS_LIMITS.frames);
    expect(frames[0]).toMatchObject({ note: "10 more operations" });
    expect(frames[0]?.ops.length).toBe(DEVTOOLS_LIMITS.opsPerFrame);
    for (let at = 0; at < DEVTOOLS_LIMITS.closedSessions + 5; at++) {
      sessions.joined({ id: `c${at}`, tab: "", route: "/" });
      sessions.closed(`c${at}`);
    }
    expect(sessions.snapshot().sessions.length).toBe(DEVTOOLS_LIMITS.closedSessions + 1);
    sessions.clear();
    expect(sessions.snapshot().sessions.map(({ id }) => id)).toEqual(["s1"]);
  });

  it("D4: a session that comes back keeps its counts", () => {
    const { log: sessions } = log();
    sessions.joined(JOIN);
    sessions.frame("s1", PATCH);
    sessions.closed("s1");
    expect(sessions.snapshot().sessions[0]?.state).toBe("closed");
    sessions.joined({ ...JOIN, route: "/again" });
    expect(sessions.snapshot().sessions).toMatchObject([{ state: "live", route: "/again", frames: 1 }]);
  });
});
