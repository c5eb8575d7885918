// The pages' models: what the list, the board and the feed compute from records.
import { describe, expect, it } from "vitest";
import { columns, columnStep, neighbour } from "../app/issues/board-model.js";
import { arrange, everything, formatSort, manual, matches, mergeIssues, nextSort, parseSort, patchLocally, rankBeside, sortWords, toRow, toStateFilter } from "../app/issues/list-model.js";
import { generate } from "../app/data/seed/generate.js";
import { isOpen, type Activity } from "../app/data/records.js";
import { groupActivity, prependActivity } from "../app/ui/activity-groups.js";
import { ago, day } from "../app/ui/words.js";

const now = Date.UTC(2026, 10, 20, 9);
const { issues } = generate({ issues: 600, now });
const [one, two, three, four] = arrange(issues, everything, manual);
if (!one || !two || !three || !four) throw new Error("seed too small");

describe("issue list", () => {
  it("filters by text, number, label, state, priority, assignee and project", () => {
    const by = (part: Partial<typeof everything>) => issues.filter((issue) => matches(issue, { ...everything, ...part }));
    expect(by({ text: "WEBHOOK" }).every((i) => /webhook/i.test(i.title))).toBe(true);
    expect(by({ text: `${one.projectId.toLowerCase()}-${one.id}` })).toContain(one);
    expect(by({ text: "security" }).some((i) => i.labels.includes("security"))).toBe(true);
    expect(by({ state: "open" })).toEqual(issues.filter((i) => isOpen(i.state)));
    expect(by({ state: "review", project: "API" }).every((i) => i.state === "review" && i.projectId === "API")).toBe(true);
    expect(by({ priority: "urgent", assignee: "kofi" }).every((i) => i.priority === "urgent" && i.assigneeId === "kofi")).toBe(true);
    expect(by({ text: "no such words" })).toEqual([]);
  });

  it("sorts by every column, turns round, and a third click is the manual order again", () => {
    const once = nextSort(manual, "title");
    const twice = nextSort(once, "title");
    const up = arrange(issues, everything, once).map((i) => i.title);
    const down = arrange(issues, everything, twice).map((i) => i.title);
    expect(up).toEqual([...up].sort());
    expect(down).toEqual([...up].reverse());
    expect(nextSort(twice, "title")).toBe(manual);
    const newest = nextSort(twice, "updated");
    expect(arrange(issues, everything, newest)[0]?.updatedAt).toBe(Math.max(...issues.map((i) => i.updatedAt)));
    expect(nextSort(nextSort(newest, "updated"), "updated")).toBe(manual);
    expect([nextSort(twice, "manual"), nextSort(manual, "manual")]).toEqual([manual, manual]);
    expect([manual, twice, newest].map(sortWords)).toEqual(["in manual order", "by title, descending", "by last change, descending"]);
    expect(arrange(issues, everything, { by: "priority", descending: false })[0]?.priority).toBe("urgent");
    expect(arrange(issues, everything, { by: "due", descending: false })[0]?.dueAt).not.toBeNull();
  });

  it("writes its order into the address and reads it back; nonsense is the manual order", () => {
    expect(parseSort(formatSort({ by: "due", descending: true }))).toEqual({ by: "due", descending: true });
    expect([parseSort("nonsense"), parseSort("-"), parseSort("constructor"), parseSort("-manual")]).toEqual([manual, manual, manual, manual]);
    expect([toStateFilter("open"), toStateFilter("review"), toStateFilter("<b>")]).toEqual(["open", "review", "all"]);
  });

  it("keeps a row's identity while issue and check mark are the same", () => {
    expect(toRow(one, false)).toBe(toRow(one, false));
    expect(toRow(one, true)).toBe(toRow(one, true));
    expect(toRow(one, true)).not.toBe(toRow(one, false));
  });

  it("moves one place by the middle of the new neighbours, and past the ends not at all", () => {
    const list = [one, two, three, four];
    const move = (id: number, step: -1 | 1): readonly number[] => {
      const rank = rankBeside(list, id, step);
      return arrange(rank === null ? list : patchLocally(list, [id], { rank }, now), everything, manual).map((i) => i.id);
    };
    expect(move(two.id, 1)).toEqual([one.id, three.id, two.id, four.id]);
    expect(move(three.id, 1)).toEqual([one.id, two.id, four.id, three.id]);
    expect(move(two.id, -1)).toEqual([two.id, one.id, three.id, four.id]);
    expect(move(one.id, -1)).toEqual(list.map((i) => i.id));
    expect(rankBeside(list, four.id, 1)).toBeNull();
  });

  it("merges newer versions without touching the rest, and takes new issues of its scope", () => {
    const list = [one, two];
    expect(mergeIssues(list, [three], () => false)).toBe(list);
    const renamed = { ...two, title: "Renamed" };
    const merged = mergeIssues(list, [renamed, three], () => true);
    expect(merged).toEqual([three, one, renamed]);
    expect(merged[1]).toBe(one);
  });
});

describe("board", () => {
  it("has five columns with their totals, and shows a part until asked for more", () => {
    const board = columns(issues, { done: columnStep * 2 });
    expect(board.map((c) => c.state)).toEqual(["backlog", "todo", "doing", "review", "done"]);
    expect(board.reduce((n, c) => n + c.total, 0)).toBe(issues.filter((i) => i.state !== "cancelled").length);
    expect(board[4]?.cards).toHaveLength(columnStep * 2);
    expect(board.every((c) => c.cards.every((i) => i.state === c.state))).toBe(true);
  });

  it("knows the column before and after", () => {
    expect([neighbour("backlog", -1), neighbour("backlog", 1), neighbour("done", 1), neighbour("cancelled", 1)]).toEqual([null, "todo", null, null]);
  });
});

describe("activity", () => {
  const entry = (id: number, part: Partial<Activity>): Activity => ({
    id, at: now, actorId: "mara", issueId: id, projectId: "WEB", subject: `issue ${id}`, detail: { kind: "state", from: "todo", to: "done" }, ...part,
  });

  it("reads a bulk change as one line", () => {
    const groups = groupActivity([entry(9, {}), entry(8, {}), entry(7, {}), entry(6, { actorId: "leo" }), entry(5, { at: now - 1 })]);
    expect(groups.map((g) => [g.key, g.count])).toEqual([[7, 3], [6, 1], [5, 1]]);
  });

  it("puts new entries in front once, and keeps its length", () => {
    const known = [entry(3, {}), entry(2, {})];
    expect(prependActivity(known, [entry(3, {})], 5)).toBe(known);
    expect(prependActivity(known, [entry(4, {}), entry(5, {})], 3).map((e) => e.id)).toEqual([5, 4, 3]);
  });

  it("says ages the way people do", () => {
    expect([0, 4, 180, 3000, 20_000].map((minutes) => ago(now - minutes * 60_000, now))).toEqual(["just now", "4m", "3h", "2d", "6 Nov"]);
    expect([day(now, now), day(now - 365 * 86_400_000, now), ago(now - 365 * 86_400_000, now)]).toEqual([expect.not.stringMatching(/\d{4}/), expect.stringMatching(/ \d{4}$/), expect.stringMatching(/ \d{4}$/)]);
  });
});
