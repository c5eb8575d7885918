// Writes the seed in one transaction, in batches, under the lock of the migrations.
import type { PoolClient } from "pg";
import type { Progress, SeedData } from "../repository.js";
import { setupLock } from "./migrations.js";
import { fromActivity, fromCheck, fromComment, fromIssue } from "./rows.js";

const batch = 500;
const numbered = ["issues", "comments", "activity", "checks"] as const;

/** Inside a transaction. Resolves to whether it wrote. */
export async function fill(client: PoolClient, data: () => SeedData, force: boolean, progress?: Progress): Promise<boolean> {
  await client.query("select pg_advisory_xact_lock($1)", [setupLock]);
  const { rows } = await client.query<{ n: string }>("select count(*) as n from members");
  if (rows[0]?.n !== "0") {
    if (!force) return false;
    await client.query("truncate activity, comments, issues, checks, projects, members restart identity");
  }
  const fresh = data();
  const total = fresh.issues.length + fresh.comments.length + fresh.activity.length;
  let done = 0;
  const insert = async (table: string, records: readonly object[], counted = true): Promise<void> => {
    for (let i = 0; i < records.length; i += batch) {
      const part = records.slice(i, i + batch);
      await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [JSON.stringify(part)]);
      if (counted) progress?.((done += part.length), total);
    }
  };
  await insert("members", fresh.members.map((member, position) => ({ ...member, position })), false);
  await insert("projects", fresh.projects.map((p, position) => ({ ...p, lead_id: p.leadId, position })), false);
  await insert("checks", fresh.checks.map(fromCheck), false);
  await insert("issues", fresh.issues.map(fromIssue));
  await insert("comments", fresh.comments.map(fromComment));
  await insert("activity", fresh.activity.map(fromActivity));
  for (const table of numbered) {
    await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), greatest((select coalesce(max(id), 0) from ${table}), 1))`);
  }
  return true;
}
