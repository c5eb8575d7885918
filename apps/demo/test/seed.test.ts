// The seed: deterministic, consistent and realistic enough to look at.
import { describe, expect, it } from "vitest";
import { generate } from "../app/data/seed/generate.js";
import { isOpen } from "../app/data/records.js";

const now = Date.UTC(2026, 10, 20, 9);

describe("seed", () => {
  it("gives the same data for the same seed and moment", () => {
    expect(generate({ now, issues: 300 })).toEqual(generate({ now, issues: 300 }));
    expect(generate({ now, issues: 300, seed: 2 }).issues).not.toEqual(generate({ now, issues: 300 }).issues);
  });

  it("is a workspace of 4 projects, 12 members and 3000 issues, with references that hold", () => {
    const data = generate({ now });
    expect([data.projects.length, data.members.length, data.issues.length]).toEqual([4, 12, 3000]);
    const members = new Set(data.members.map((m) => m.id));
    const projects = new Set(data.projects.map((p) => p.id));
    for (const issue of data.issues) {
      expect(projects.has(issue.projectId)).toBe(true);
      if (issue.assigneeId !== null) expect(members.has(issue.assigneeId)).toBe(true);
      expect(issue.createdAt).toBeLessThanOrEqual(now);
      expect(issue.updatedAt).toBeGreaterThanOrEqual(issue.createdAt);
      expect(issue.closedAt === null).toBe(isOpen(issue.state));
    }
    expect(data.comments.every((c) => members.has(c.authorId) && c.createdAt <= now)).toBe(true);
    expect(data.activity.every((a, i) => a.id === i + 1 && a.at <= now)).toBe(true);
    expect(new Set(data.issues.map((i) => i.title)).size).toBeGreaterThan(1500);
    const open = data.issues.filter((i) => isOpen(i.state)).length;
    expect(open).toBeGreaterThan(400);
    expect(open).toBeLessThan(1500);
  });
});
