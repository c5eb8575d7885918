// PostgreSQL by DATABASE_URL: the same port and the same rules as the embedded store, with LISTEN/NOTIFY for the change feed.
// A write locks `changes` first, so versions are visible in their order and a reader never skips one.
import pg, { type Pool, type PoolClient } from "pg";
import { activityOf, bodyLimit, checkActivity, checkLimit, excerpt, issueActivity, newIssue, patchIssue, requireText, type ActivityDraft } from "../changes.js";
import { DataError } from "../errors.js";
import { summarise } from "../queries.js";
import type { Activity, Check, Comment, Issue, Member, Project } from "../records.js";
import type { ActivityQuery, Change, IssueDraft, IssuePatch, IssueQuery, Progress, Repository, SeedData, Summary } from "../repository.js";
import { emptyBody, postgresFeed, type ChangeBody } from "./feed.js";
import { migrate } from "./migrations.js";
import { toActivity, toCheck, toComment, toIssue, type ActivityRow, type CheckRow, type CommentRow, type IssueRow } from "./rows.js";
import { fill } from "./seed.js";
import { channel, PostgresWatcher } from "./watcher.js";

export interface PostgresOptions {
  readonly url: string;
  readonly onError?: (error: unknown) => void;
}

/** Connects, migrates and starts the feed. */
export async function postgresRepository(options: PostgresOptions): Promise<Repository> {
  const onError = options.onError ?? (() => undefined);
  const pool = new pg.Pool({ connectionString: options.url, max: 8 });
  pool.on("error", onError);
  await migrate(pool);
  const watcher = new PostgresWatcher(options.url, postgresFeed(pool), onError);
  await watcher.start();
  const { hostname, pathname } = new URL(options.url);
  return new PostgresRepository(`postgres ${hostname}${pathname}`, pool, watcher);
}

class PostgresRepository implements Repository {
  readonly label: string;
  readonly #pool: Pool;
  readonly #watcher: PostgresWatcher;
  #closed = false;

  constructor(label: string, pool: Pool, watcher: PostgresWatcher) {
    this.label = label;
    this.#pool = pool;
    this.#watcher = watcher;
  }

  async seed(data: () => SeedData, o: { force?: boolean; progress?: Progress } = {}): Promise<boolean> {
    return this.#transaction((client) => fill(client, data, o.force === true, o.progress));
  }

  async members(): Promise<readonly Member[]> {
    return this.#rows<Member>("select id, name, role, hue from members order by position");
  }

  async projects(): Promise<readonly Project[]> {
    return this.#rows<Project>(`select id, name, summary, lead_id as "leadId", hue from projects order by position`);
  }

  async issues(query: IssueQuery = {}): Promise<readonly Issue[]> {
    const order = query.order === "updated" ? "updated_at desc, id desc" : "rank, id";
    const rows = await this.#rows<IssueRow>(
      `select * from issues where ($1::text is null or project_id = $1) and ($2::text[] is null or state = any($2))
         and ($3::text is null or assignee_id = $3) order by ${order} limit $4`,
      [query.projectId ?? null, query.states ?? null, query.assigneeId ?? null, query.limit ?? 1000],
    );
    return rows.map(toIssue);
  }

  async issue(id: number): Promise<Issue | undefined> {
    const [row] = await this.#rows<IssueRow>("select * from issues where id = $1", [id]);
    return row && toIssue(row);
  }

  async comments(issueId: number): Promise<readonly Comment[]> {
    return (await this.#rows<CommentRow>("select * from comments where issue_id = $1 order by id", [issueId])).map(toComment);
  }

  async activity(query: ActivityQuery = {}): Promise<readonly Activity[]> {
    const sql = "select * from activity where ($1::int is null or issue_id = $1) order by id desc limit $2";
    return (await this.#rows<ActivityRow>(sql, [query.issueId ?? null, query.limit ?? 50])).map(toActivity);
  }

  async checks(): Promise<readonly Check[]> {
    return (await this.#rows<CheckRow>("select * from checks order by id")).map(toCheck);
  }

  async summary(now: number = Date.now()): Promise<Summary> {
    type Row = Pick<IssueRow, "project_id" | "state" | "created_at" | "closed_at" | "due_at">;
    const rows = await this.#rows<Row>("select project_id, state, created_at, closed_at, due_at from issues");
    const time = (value: string | null): number | null => (value === null ? null : Number(value));
    return summarise(rows.map((row) => ({
      projectId: row.project_id, state: row.state, createdAt: Number(row.created_at), closedAt: time(row.closed_at), dueAt: time(row.due_at),
    })), now);
  }

  createIssue(draft: IssueDraft, actorId: string): Promise<Issue> {
    return this.#write(async (client, body) => {
      const at = Date.now();
      const known = await client.query("select 1 from projects where id = $1", [draft.projectId]);
      if (known.rowCount === 0) throw new DataError("not-found", "There is no such project.");
      const next = await client.query<{ id: number; rank: number }>(
        `select nextval(pg_get_serial_sequence('issues', 'id'))::int as id, least(0, (select min(rank) from issues)) - 1024 as rank`);
      const { id, rank } = next.rows[0] ?? { id: 1, rank: 0 };
      const issue = newIssue(draft, id, rank, at);
      await client.query(
        `insert into issues values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, $11, 0)`,
        [id, issue.projectId, issue.title, issue.description, issue.state, issue.priority, issue.assigneeId, issue.labels, at, at, rank]);
      body.issues.push(id);
      await this.#addActivity(client, body, [issueActivity(issue, { kind: "created" }, actorId, at)]);
      return issue;
    });
  }

  updateIssues(ids: readonly number[], patch: IssuePatch, actorId: string): Promise<readonly Issue[]> {
    return this.#write(async (client, body) => {
      const at = Date.now();
      const found = await client.query<IssueRow>("select * from issues where id = any($1::int[])", [ids]);
      const before = new Map(found.rows.map((row) => [row.id, toIssue(row)]));
      const result: Issue[] = [];
      const changed: Issue[] = [];
      const drafts: ActivityDraft[] = [];
      for (const id of new Set(ids)) {
        const old = before.get(id);
        if (old === undefined) continue;
        const next = patchIssue(old, patch, at);
        result.push(next);
        if (next === old) continue;
        changed.push(next);
        drafts.push(...activityOf(old, next, actorId));
      }
      await client.query(
        `update issues set title = n.title, description = n.description, state = n.state, priority = n.priority, assignee_id = n."assigneeId",
           rank = n.rank, closed_at = n."closedAt", updated_at = n."updatedAt"
         from jsonb_to_recordset($1) as n(id int, title text, description text, state text, priority text, "assigneeId" text,
           rank float8, "closedAt" bigint, "updatedAt" bigint) where issues.id = n.id`,
        [JSON.stringify(changed)]);
      body.issues.push(...changed.map((issue) => issue.id));
      await this.#addActivity(client, body, drafts);
      return result;
    });
  }

  addComment(issueId: number, text: string, actorId: string): Promise<Comment> {
    return this.#write(async (client, body) => {
      const comment = requireText("The comment", text, bodyLimit);
      const at = Date.now();
      const touched = await client.query<IssueRow>("update issues set comments = comments + 1, updated_at = $2 where id = $1 returning *", [issueId, at]);
      const row = touched.rows[0];
      if (row === undefined) throw new DataError("not-found", "This issue no longer exists.");
      const made = await client.query<CommentRow>(
        "insert into comments (issue_id, author_id, body, created_at) values ($1, $2, $3, $4) returning *", [issueId, actorId, comment, at]);
      const saved = toComment(first(made.rows));
      body.issues.push(issueId);
      body.comments.push(saved.id);
      await this.#addActivity(client, body, [issueActivity(toIssue(row), { kind: "comment", excerpt: excerpt(comment) }, actorId, at)]);
      return saved;
    });
  }

  addCheck(text: string, actorId: string): Promise<Check> {
    return this.#write(async (client, body) => {
      const made = await client.query<CheckRow>("insert into checks (text, done, by_id, at) values ($1, false, $2, $3) returning *",
        [requireText("The item", text, checkLimit), actorId, Date.now()]);
      const check = toCheck(first(made.rows));
      body.checks.push(check.id);
      await this.#addActivity(client, body, [checkActivity(check.text, "added", actorId, check.at)]);
      return check;
    });
  }

  setCheck(id: number, done: boolean, actorId: string): Promise<Check | undefined> {
    return this.#write(async (client, body) => {
      const updated = await client.query<CheckRow>(
        "update checks set done = $2, by_id = $3, at = $4 where id = $1 and done <> $2 returning *", [id, done, actorId, Date.now()]);
      const row = updated.rows[0] ?? (await client.query<CheckRow>("select * from checks where id = $1", [id])).rows[0];
      if (row === undefined || updated.rows.length === 0) return row && toCheck(row);
      const check = toCheck(row);
      body.checks.push(id);
      await this.#addActivity(client, body, [checkActivity(check.text, done ? "checked" : "unchecked", actorId, check.at)]);
      return check;
    });
  }

  removeCheck(id: number, actorId: string): Promise<void> {
    return this.#write(async (client, body) => {
      const gone = await client.query<CheckRow>("delete from checks where id = $1 returning *", [id]);
      const row = gone.rows[0];
      if (row === undefined) return;
      body.removedChecks.push(id);
      await this.#addActivity(client, body, [checkActivity(row.text, "removed", actorId, Date.now())]);
    });
  }

  watch(fn: (change: Change) => void): () => void {
    return this.#watcher.watch(fn);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#watcher.stop();
    await this.#pool.end();
  }

  async #rows<R extends object>(sql: string, values: unknown[] = []): Promise<readonly R[]> {
    this.#open();
    return (await this.#pool.query<R>(sql, values)).rows;
  }

  #open(): void {
    if (this.#closed) throw new DataError("closed", "The store is closed.");
  }

  async #addActivity(client: PoolClient, body: ChangeBody, drafts: readonly ActivityDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    const rows = drafts.map((d) => ({ at: d.at, actor_id: d.actorId, issue_id: d.issueId, project_id: d.projectId, subject: d.subject, detail: d.detail }));
    const made = await client.query<{ id: number }>(
      `insert into activity (at, actor_id, issue_id, project_id, subject, detail)
       select at, actor_id, issue_id, project_id, subject, detail from jsonb_to_recordset($1)
         as n(at bigint, actor_id text, issue_id int, project_id text, subject text, detail jsonb) returning id`, [JSON.stringify(rows)]);
    body.activity.push(...made.rows.map((row) => row.id));
  }

  #write<R>(work: (client: PoolClient, body: ChangeBody) => Promise<R>): Promise<R> {
    return this.#transaction(async (client) => {
      await client.query("lock table changes in exclusive mode");
      const body = emptyBody();
      const result = await work(client, body);
      if (Object.values(body).some((ids) => ids.length > 0)) {
        await client.query("with v as (insert into changes (body) values ($1) returning version) delete from changes where version <= (select version from v) - 1000", [JSON.stringify(body)]);
        await client.query(`notify ${channel}`);
      }
      return result;
    });
  }

  async #transaction<R>(work: (client: PoolClient) => Promise<R>): Promise<R> {
    this.#open();
    const client = await this.#pool.connect();
    try {
      await client.query("begin");
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  }
}

function first<R>(rows: readonly R[]): R {
  const [row] = rows;
  if (row === undefined) throw new DataError("not-found", "The database gave no row back.");
  return row;
}
