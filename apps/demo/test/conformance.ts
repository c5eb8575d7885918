// What every Repository keeps, whatever stores it. `open` gives another handle on the same data, as another process would have.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError } from "../app/data/errors.js";
import type { Change, Repository } from "../app/data/repository.js";
import { generate } from "../app/data/seed/generate.js";

const now = Date.UTC(2026, 10, 20, 9);
const data = generate({ issues: 400, now });

export function repositoryConformance(name: string, open: () => Promise<Repository>): void {
  describe(`Repository: ${name}`, () => {
    let repo: Repository;
    let other: Repository;
    beforeAll(async () => {
      repo = await open();
      other = await open();
    });
    afterAll(async () => {
      await repo.close();
      await other.close();
    });

    it("seeds once, with progress, and gives back exactly what was seeded", async () => {
      const steps: number[] = [];
      expect(await repo.seed(() => data, { progress: (done) => steps.push(done) })).toBe(true);
      expect(await other.seed(() => data)).toBe(false);
      expect(steps.at(-1)).toBe(data.issues.length + data.comments.length + data.activity.length);
      expect(await other.members()).toEqual(data.members);
      expect(await other.projects()).toEqual(data.projects);
      expect(await other.checks()).toEqual(data.checks);
      expect(await other.issue(7)).toEqual(data.issues[6]);
      expect(await other.comments(7)).toEqual(data.comments.filter((c) => c.issueId === 7));
      expect(await other.activity({ limit: 20 })).toEqual([...data.activity].reverse().slice(0, 20));
      expect(await other.activity({ issueId: 7 })).toEqual(data.activity.filter((a) => a.issueId === 7).reverse());
    });

    it("filters, orders and limits issues", async () => {
      const all = await repo.issues();
      expect(all).toHaveLength(400);
      expect(all.map((i) => i.rank)).toEqual([...all.map((i) => i.rank)].sort((a, b) => a - b));
      const some = await repo.issues({ projectId: "WEB", states: ["todo", "doing"], assigneeId: "mara", order: "updated", limit: 3 });
      const expected = data.issues
        .filter((i) => i.projectId === "WEB" && (i.state === "todo" || i.state === "doing") && i.assigneeId === "mara")
        .sort((a, b) => b.updatedAt - a.updatedAt || b.id - a.id)
        .slice(0, 3);
      expect(some).toEqual(expected);
      expect(await repo.issue(99_999)).toBeUndefined();
    });

    it("sums up the workspace", async () => {
      const summary = await repo.summary(now);
      expect(summary.total).toBe(400);
      expect(Object.values(summary.byState).reduce((a, b) => a + b, 0)).toBe(400);
      expect(summary.projects.map((p) => p.projectId)).toEqual(["API", "MOB", "OPS", "WEB"]);
      expect(summary.days).toHaveLength(14);
      const since = summary.days[0]?.day ?? 0;
      expect(summary.days.reduce((n, d) => n + d.created, 0)).toBe(data.issues.filter((i) => i.createdAt >= since).length);
    });

    it("changes many issues in one commit, tells the other handle once, and records who did it", async () => {
      const heard = listen(other);
      const updated = await repo.updateIssues([11, 12, 13, 99_999], { state: "done", priority: "urgent" }, "priya");
      expect(updated.map((i) => i.id)).toEqual([11, 12, 13]);
      expect(updated.every((i) => i.state === "done" && i.priority === "urgent" && i.closedAt !== null)).toBe(true);
      const change = await heard.next((c) => c.issues.length > 1);
      expect(change.issues).toEqual(updated.filter((i) => i !== data.issues[i.id - 1]));
      expect(change.activity.every((a) => a.actorId === "priya")).toBe(true);
      expect(await other.issue(12)).toEqual(updated[1]);
      const [latest] = await other.activity({ issueId: 12, limit: 1 });
      expect(latest?.detail.kind).toMatch(/state|priority/);
      const reopened = await repo.updateIssues([12], { state: "doing", assigneeId: null }, "priya");
      expect(reopened[0]).toMatchObject({ state: "doing", closedAt: null, assigneeId: null });
      await heard.next();
      heard.end();
    });

    it("a patch that changes nothing writes nothing", async () => {
      const before = await repo.issue(20);
      const activity = await repo.activity({ limit: 1 });
      const [after] = await repo.updateIssues([20], { title: ` ${before?.title ?? ""} ` }, "mara");
      expect(after).toEqual(before);
      expect(await repo.activity({ limit: 1 })).toEqual(activity);
    });

    it("moves by rank without an entry in the feed", async () => {
      const [first, second, third] = await repo.issues({ projectId: "API" });
      if (!first || !second || !third) throw new Error("seed too small");
      await repo.updateIssues([third.id], { rank: (first.rank + second.rank) / 2 }, "mara");
      expect((await other.issues({ projectId: "API" })).slice(0, 3).map((i) => i.id)).toEqual([first.id, third.id, second.id]);
      expect((await repo.activity({ issueId: third.id, limit: 1 }))[0]?.at).toBeLessThan(Date.now() - 3_600_000);
    });

    it("adds a comment, counts it, and refuses an empty one and an unknown issue", async () => {
      const heard = listen(other);
      const before = await repo.issue(30);
      const comment = await repo.addComment(30, "  Deployed. <b>Thanks</b> 🎉 ", "leo");
      expect(comment).toMatchObject({ issueId: 30, authorId: "leo", body: "Deployed. <b>Thanks</b> 🎉" });
      const change = await heard.next((c) => c.comments.length > 0);
      expect(change.comments).toEqual([comment]);
      expect(change.issues[0]?.comments).toBe((before?.comments ?? 0) + 1);
      expect((await other.comments(30)).at(-1)).toEqual(comment);
      await expect(repo.addComment(30, "  ", "leo")).rejects.toMatchObject({ code: "invalid" });
      await expect(repo.addComment(99_999, "hello", "leo")).rejects.toBeInstanceOf(DataError);
      expect((await other.issue(30))?.comments).toBe((before?.comments ?? 0) + 1);
      heard.end();
    });

    it("creates an issue on top of the list, with the next number", async () => {
      const draft = { projectId: "OPS", title: " Rotate keys ", description: "", priority: "high", assigneeId: "jonas", labels: ["chore"] } as const;
      const issue = await repo.createIssue(draft, "sana");
      expect(issue).toMatchObject({ id: 401, title: "Rotate keys", state: "todo", comments: 0 });
      expect((await other.issues({ limit: 1 }))[0]).toEqual(issue);
      await expect(repo.createIssue({ ...draft, title: " " }, "sana")).rejects.toMatchObject({ code: "invalid" });
      await expect(repo.createIssue({ ...draft, projectId: "absent" }, "sana")).rejects.toMatchObject({ code: "not-found" });
      expect((await other.summary(now)).total).toBe(401);
    });

    it("shares the checklist", async () => {
      const heard = listen(other);
      const check = await repo.addCheck("Water the plants", "yuki");
      expect((await heard.next((c) => c.checks.length > 0)).checks).toEqual([check]);
      const ticked = await repo.setCheck(check.id, true, "kofi");
      expect(ticked).toMatchObject({ done: true, byId: "kofi" });
      expect((await heard.next()).checks).toEqual([ticked]);
      expect(await repo.setCheck(check.id, true, "mara")).toEqual(ticked);
      await repo.removeCheck(check.id, "kofi");
      const removal = await heard.next();
      expect(removal.removedChecks).toEqual([check.id]);
      expect(removal.activity[0]?.detail).toEqual({ kind: "check", change: "removed" });
      expect(await repo.setCheck(check.id, false, "mara")).toBeUndefined();
      expect(await other.checks()).toEqual(data.checks);
      heard.end();
    });

    it("two handles writing at once lose nothing", async () => {
      const before = (await repo.comments(40)).length;
      await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? repo : other).addComment(40, `note ${i}`, "hana")));
      expect(await repo.comments(40)).toHaveLength(before + 20);
      expect((await other.issue(40))?.comments).toBe((data.issues[39]?.comments ?? 0) + 20);
    });

    it("a listener hears every version once, in order, and nothing after it left", async () => {
      const heard = listen(other);
      for (const text of ["a", "b", "c"]) await repo.addCheck(text, "mara");
      const versions = [(await heard.next()).version, (await heard.next()).version, (await heard.next()).version];
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      heard.end();
      // A change of the test before may have come late and been one of the three; what counts is that nothing comes now.
      const left = heard.pending();
      const still = listen(other);
      await repo.addCheck("d", "mara");
      await still.next();
      still.end();
      expect(heard.pending()).toBe(left);
    });

    it("reseeds on demand", async () => {
      expect(await repo.seed(() => data, { force: true })).toBe(true);
      expect(await repo.issue(12)).toEqual(data.issues[11]);
      expect(await other.issues()).toHaveLength(400);
      expect((await other.checks()).length).toBe(data.checks.length);
      expect((await repo.createIssue({ projectId: "WEB", title: "x", description: "", priority: "low", assigneeId: null, labels: [] }, "mara")).id).toBe(401);
    });
  });
}

interface Listener {
  /** The next change that passes; earlier ones (of a test before, still on their way) are skipped. */
  next(test?: (change: Change) => boolean): Promise<Change>;
  pending(): number;
  end(): void;
}

function listen(repo: Repository): Listener {
  const queue: Change[] = [];
  let waiting: ((change: Change) => void) | null = null;
  const end = repo.watch((change) => {
    if (waiting === null) queue.push(change);
    else {
      waiting(change);
      waiting = null;
    }
  });
  const one = (): Promise<Change> => {
    const ready = queue.shift();
    return ready !== undefined ? Promise.resolve(ready) : new Promise((resolve) => void (waiting = resolve));
  };
  return {
    async next(test = () => true) {
      for (;;) {
        const change = await one();
        if (test(change)) return change;
      }
    },
    pending: () => queue.length,
    end,
  };
}
