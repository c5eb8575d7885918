// Tables and functions of postgresStore, and their migrations. Every operation is one call of one function, so it is one round
// trip and one transaction. Ids and names compare by their bytes (collation "C"). Times are milliseconds; without one of the
// caller the clock of the database counts, so processes agree on it. `expires_at` is null for records that are kept.
import type { Pool, PoolClient } from "pg";

/** Key of the advisory lock under which migrations run: processes start at the same time. */
const LOCK = 7_264_201;

/** Migrations in order; one that was released is never changed. */
const MIGRATIONS: readonly string[] = [
  `
create table vango_records (
  id text collate "C" primary key,
  epoch bigint not null,
  owner text not null,
  meta bytea not null,
  size integer not null,
  touched_at double precision not null,
  expires_at double precision
);
create index vango_records_expiry on vango_records (expires_at) where expires_at is not null;
create table vango_values (
  id text collate "C" not null references vango_records on delete cascade,
  name text collate "C" not null,
  value bytea not null,
  primary key (id, name)
);

create function vango_now(given double precision) returns double precision language sql as
$$ select coalesce(given, floor(extract(epoch from clock_timestamp()) * 1000)) $$;

create function vango_create(p_id text, p_epoch bigint, p_owner text, p_meta bytea, p_keep boolean, p_size integer, p_names text[], p_values bytea[], p_at double precision, p_life double precision)
returns boolean language plpgsql as $$
declare
  v_now double precision := vango_now(p_at);
begin
  delete from vango_records where id = p_id and expires_at <= v_now;
  insert into vango_records values (p_id, p_epoch, p_owner, p_meta, p_size, v_now, case when p_keep then null else v_now + p_life end) on conflict do nothing;
  if not found then return false; end if;
  insert into vango_values select p_id, n, v from unnest(p_names, p_values) as given(n, v);
  return true;
end $$;

create function vango_change(p_id text, p_epoch bigint, p_raise boolean, p_limit integer, p_meta bytea, p_names text[], p_values bytea[], p_at double precision, p_life double precision, out status text, out new_size integer, out new_epoch bigint)
language plpgsql as $$
declare
  v_now double precision := vango_now(p_at);
  v_record vango_records;
begin
  select * into v_record from vango_records where id = p_id and (expires_at is null or expires_at > v_now) for update;
  if not found then status := 'missing'; return; end if;
  if v_record.epoch <> p_epoch then status := 'fenced'; return; end if;
  select v_record.size
    - coalesce((select sum(octet_length(name) + octet_length(value)) from vango_values where id = p_id and name = any (p_names)), 0)
    + coalesce((select sum(octet_length(n) + octet_length(v)) from unnest(p_names, p_values) as given(n, v) where v is not null), 0)
    into new_size;
  if new_size > v_record.size and new_size > p_limit then status := 'size'; return; end if;
  delete from vango_values using unnest(p_names, p_values) as given(n, v) where id = p_id and name = n and v is null;
  insert into vango_values select p_id, n, v from unnest(p_names, p_values) as given(n, v) where v is not null
    on conflict (id, name) do update set value = excluded.value;
  new_epoch := v_record.epoch + case when p_raise then 1 else 0 end;
  update vango_records set epoch = new_epoch, size = new_size, meta = coalesce(p_meta, meta), touched_at = v_now,
    expires_at = case when expires_at is null then null else v_now + p_life end where id = p_id;
  status := 'ok';
end $$;

create function vango_claim(p_id text, p_owner text, p_epoch bigint, p_at double precision, p_life double precision)
returns text language plpgsql as $$
declare
  v_now double precision := vango_now(p_at);
  v_epoch bigint;
begin
  select epoch into v_epoch from vango_records where id = p_id and (expires_at is null or expires_at > v_now) for update;
  if not found then return 'missing'; end if;
  if p_epoch is not null and p_epoch <> v_epoch then return 'fenced'; end if;
  update vango_records set epoch = v_epoch + 1, owner = p_owner, touched_at = v_now,
    expires_at = case when expires_at is null then null else v_now + p_life end where id = p_id;
  return 'ok';
end $$;

create function vango_load(p_id text, p_at double precision)
returns table (epoch bigint, owner text, meta bytea, size integer, touched_at double precision, names text[], vals bytea[]) language sql stable as $$
  select r.epoch, r.owner, r.meta, r.size, r.touched_at,
    coalesce((select array_agg(v.name order by v.name) from vango_values v where v.id = r.id), '{}'),
    coalesce((select array_agg(v.value order by v.name) from vango_values v where v.id = r.id), '{}')
  from vango_records r where r.id = p_id and (r.expires_at is null or r.expires_at > vango_now(p_at))
$$;

create function vango_owner(p_id text, p_epoch bigint, p_what text, p_at double precision, p_life double precision)
returns text language plpgsql as $$
declare
  v_now double precision := vango_now(p_at);
  v_epoch bigint;
begin
  select epoch into v_epoch from vango_records where id = p_id and (expires_at is null or expires_at > v_now) for update;
  if not found then return 'missing'; end if;
  if v_epoch <> p_epoch then return 'fenced'; end if;
  if p_what = 'delete' then delete from vango_records where id = p_id;
  elsif p_what = 'release' then update vango_records set owner = '' where id = p_id;
  else update vango_records set touched_at = v_now, expires_at = case when expires_at is null then null else v_now + p_life end where id = p_id;
  end if;
  return 'ok';
end $$;

create function vango_sweep(p_limit integer, p_at double precision, out removed integer, out more boolean) language plpgsql as $$
declare
  v_now double precision := vango_now(p_at);
begin
  -- Locked ones are being written by somebody else's sweep or by a create of the same id: they are its business.
  delete from vango_records where id in (
    select id from vango_records where expires_at <= v_now order by expires_at limit p_limit for update skip locked);
  get diagnostics removed = row_count;
  more := exists (select from vango_records where expires_at <= v_now);
end $$;
`,
];

/**
 * Brings the schema of the connection's database up to date. Safe to run from several processes at once. Where it is up to date
 * nothing is written: a server that is read-only at the moment does for reading, a role that may make no tables for everything.
 */
export async function migrate(pool: Pool): Promise<void> {
  if (await isCurrent(pool)) return;
  const client: PoolClient = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await client.query("create table if not exists vango_schema (version integer not null)");
    const { rows } = await client.query<{ version: number }>("select version from vango_schema");
    const version = rows[0]?.version ?? 0;
    for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
    if (version < MIGRATIONS.length) {
      await client.query(rows.length === 0 ? "insert into vango_schema values ($1)" : "update vango_schema set version = $1", [MIGRATIONS.length]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function isCurrent(pool: Pool): Promise<boolean> {
  const { rows: found } = await pool.query<{ there: boolean }>("select to_regclass('vango_schema') is not null as there");
  if (found[0]?.there !== true) return false;
  const { rows } = await pool.query<{ version: number }>("select version from vango_schema");
  return (rows[0]?.version ?? 0) >= MIGRATIONS.length;
}
