// The `changes` table as the watcher reads it: ids of one commit, joined with the records as they are now.
import type { Pool } from "pg";
import type { Change } from "../repository.js";
import { toActivity, toCheck, toComment, toIssue, type ActivityRow, type CheckRow, type CommentRow, type IssueRow } from "./rows.js";
import type { FeedReader } from "./watcher.js";

export interface ChangeBody {
  readonly issues: number[];
  readonly comments: number[];
  readonly activity: number[];
  readonly checks: number[];
  readonly removedChecks: number[];
}

export function emptyBody(): ChangeBody {
  return { issues: [], comments: [], activity: [], checks: [], removedChecks: [] };
}

export function postgresFeed(pool: Pool): FeedReader {
  const load = async <R extends object>(table: string, ids: readonly number[]): Promise<readonly R[]> =>
    ids.length === 0 ? [] : (await pool.query<R>(`select * from ${table} where id = any($1::int[]) order by id`, [ids])).rows;

  return {
    async newest() {
      const { rows } = await pool.query<{ version: number | null }>("select max(version) as version from changes");
      return rows[0]?.version ?? 0;
    },
    async after(version) {
      const { rows } = await pool.query<{ version: number; body: ChangeBody }>(
        "select version, body from changes where version > $1 order by version", [version]);
      const changes: Change[] = [];
      for (const { version: at, body } of rows) {
        changes.push({
          version: at,
          issues: (await load<IssueRow>("issues", body.issues)).map(toIssue),
          comments: (await load<CommentRow>("comments", body.comments)).map(toComment),
          activity: (await load<ActivityRow>("activity", body.activity)).map(toActivity),
          checks: (await load<CheckRow>("checks", body.checks)).map(toCheck),
          removedChecks: body.removedChecks,
        });
      }
      return changes;
    },
  };
}
