import type { TestDatabase } from '@ghostpost/test-kit/test-database'
import { Client } from 'pg'

export interface FillOptions {
  count: number
  webhookUrl: string
  userId: string
  newId: () => string
}

export interface FilledDelivery {
  deliveryId: string
  visitorId: string
}

/** Age at which Ghostpost's sweeper enqueues a delivery again: its default. */
const sweepAfterMs = 15_000

/** Inserts the same rows as the API, for the visitors of site 4 in turn. */
export async function fillDatabase({ pool }: TestDatabase, options: FillOptions): Promise<FilledDelivery[]> {
  const ids = Array.from({ length: options.count }, options.newId)
  const { rows } = await pool.query<{ id: string; visitor_id: string }>(
    `with visitors_in_turn as (
       select id, ghost_vid, row_number() over (order by id) - 1 as turn, count(*) over () as turns
       from visitors
       where site_id = 4
     )
     insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by, sweep_at)
     select i.id, 4, v.id, v.ghost_vid, 'custom', $2, $3, true, true, $4, now() + $5 * interval '1 ms'
     from unnest($1::uuid[]) with ordinality i(id, number) join visitors_in_turn v on v.turn = i.number % v.turns
     returning id, visitor_id`,
    [ids, options.webhookUrl, new URL(options.webhookUrl).host, options.userId, sweepAfterMs],
  )
  return rows.map((row) => ({ deliveryId: row.id, visitorId: row.visitor_id }))
}

export async function countDelivered({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from deliveries where state = 'delivered'`,
  )
  return Number(rows[0]?.count)
}

const chunk = 50_000

/**
 * Deliveries that were delivered at the first attempt, a second apart up to an hour ago, with all that is kept of them.
 */
export async function loadFinished({ url }: TestDatabase, count: number): Promise<void> {
  // A client without the pool's time limits: to vacuum a million rows takes longer.
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    // Skips the checks of foreign keys, which are correct by construction.
    await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
    for (let from = 0; from < count; from += chunk) {
      await client.query(finishedSql, [from, Math.min(chunk, count - from)])
    }
    await client.query('vacuum analyze deliveries, payloads, attempts')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

const finishedSql = `
  with visitors_in_turn as materialized (
    select id, ghost_vid, row_number() over (order by id) - 1 as turn, count(*) over () as turns
    from visitors
    where site_id = 4
  ), made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type,
      receiver_url, receiver_host,
      include_journey, include_events, requested_by, state, attempts, next_attempt_at, sweep_at,
      created_at, delivered_at, finished_at, last_response_status)
    select uuidv7(at - now()), 4, v.id, v.ghost_vid, 'custom',
      'https://receiver.example/hooks/' || n % 50, 'receiver' || n % 50 || '.example',
      true, true, '00000000-0000-0000-0000-000000000000', 'delivered', 1, null, null, at, at, at, 200
    from generate_series($1::int, $1::int + $2::int - 1) n
      cross join lateral (select now() - interval '1 hour' - n * interval '1 second' as at) t
      join visitors_in_turn v on v.turn = n % v.turns
    returning id, created_at
  ), sent as (
    insert into payloads (delivery_id, body, built_at) select id, '{"event":"visitor.exported"}', created_at from made
  )
  insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown,
    response_status, response_bytes)
  select id, 1, created_at, 12, 'answered', 'delivered', false, 200, 2 from made`
