import type { Database } from '@ghostpost/infrastructure/database/connection'
import type { HotPathContext } from './hot-path.ts'

/** The tables that the path of a delivery reads, in the order in which rows can be deleted. */
const tables =
  'idempotency_keys, operation_items, payloads, attempts, deliveries, audit_log, api_keys, sessions, ' +
  'visitor_sessions, events, visitors, operations, destinations'

const documentedVisitorSql = `
  insert into visitors (site_id, ghost_vid, first_seen, last_seen)
  values (4, 'gv_a1b2c3d4_e5f6g7h8', now(), now())`

/** Empties the tables, except for one visitor. Nothing but this test analyzes them. */
export async function emptyTables({ pool }: Database): Promise<void> {
  await pool.query(`truncate ${tables} cascade`)
  for (const table of [...tables.split(', '), 'users', 'memberships', 'sites'])
    await pool.query(`alter table ${table} set (autovacuum_enabled = false)`)
  await pool.query(documentedVisitorSql)
}

/** `$1` is how many. Each row has its own visitor and its own user. */
const loads = [
  `insert into users (id, email, name, password_hash)
   select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@load.test', n, '-'
   from generate_series(1, $1) n`,
  `insert into memberships (user_id, site_id)
   select id, 4 from users where email like '%@load.test' order by id limit $1`,
  `insert into sessions (token_hash, user_id, expires_at)
   select sha256(id::text::bytea), id, now() + interval '1 day' from users where email like '%@load.test' limit $1`,
  `insert into api_keys (id, site_id, user_id, name, role, prefix, token_hash, expires_at)
   select id, 4, id, name, 'viewer', 'gp_', sha256(('k' || id::text)::bytea), now() + interval '1 day'
   from users where email like '%@load.test' limit $1`,
  `insert into visitors (site_id, ghost_vid, first_seen, last_seen)
   select 4, 'gv_load_' || n, now(), now() from generate_series(1, $1) n`,
  `insert into visitor_sessions (visitor_id, session_id, started_at)
   select id, 's', now() from visitors where ghost_vid like 'gv_load%' limit $1`,
  `insert into events (visitor_id, event_id, type, occurred_at)
   select id, 'e', 'x', now() from visitors where ghost_vid like 'gv_load%' limit $1`,
  `insert into destinations (id, site_id, name, webhook_type, receiver_host, sealed, created_by)
   select gen_random_uuid(), 4, 'load ' || n, 'custom', 'example.com', '\\x', gen_random_uuid()
   from generate_series(1, $1) n`,
  `insert into operations (id, site_id, kind, selection, selection_key, rate, canary, matched, watermark, created_by)
   select gen_random_uuid(), 4, 'resend', '{}', n::text, 1, 'none', 1, now(), gen_random_uuid()
   from generate_series(1, $1) n`,
  `insert into deliveries (
     id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, include_journey, include_events,
     requested_by, state, attempts, next_attempt_at, sweep_at, delivered_at, finished_at
   )
   select
     gen_random_uuid(), 4, id, ghost_vid, 'hubspot', 'https://example.com/', id || '.example.com', true, true,
     gen_random_uuid(), 'delivered', 1, null, null, now(), now()
   from visitors where ghost_vid like 'gv_load%' limit $1`,
  `insert into payloads (delivery_id, body, built_at)
   select id, '{}', now() from deliveries where ghost_vid like 'gv_load%' limit $1`,
  `insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown)
   select id, 1, now(), 1, 'answered', 'delivered', id::text < '2'
   from deliveries where ghost_vid like 'gv_load%' limit $1`,
  `insert into idempotency_keys (user_id, key, request_digest, delivery_id)
   select requested_by, 'k', 'd', id from deliveries where ghost_vid like 'gv_load%' limit $1`,
]

/** Fills the tables with `count` rows each. The operation has as many waiting members. */
export async function loadRows(
  { pool }: Database,
  count: number,
  { operationId }: HotPathContext,
): Promise<void> {
  for (const sql of loads) await pool.query(sql, [count])
  await pool.query(
    `insert into operation_items (operation_id, number, delivery_id, ghost_vid)
     select $2, row_number() over (), id, 'gv' from deliveries where ghost_vid like 'gv_load%' limit $1`,
    [count, operationId],
  )
}
