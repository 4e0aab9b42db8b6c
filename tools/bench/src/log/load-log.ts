import type { Database } from '@ghostpost/infrastructure/database/connection'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { benchKeys } from './bench-api.ts'

export interface LogSize {
  deliveries: number
  attemptsEach: number
}

/** Values that the loaded log contains once or rarely. */
export const loadedLog = {
  operationId: '0190a000-0000-7000-8000-00000000000a',
  destinationId: '0190a000-0000-7000-8000-0000000000d3',
  visitors: 10_000,
} as const

const step = 100_000
/** The first hosts belong to saved destinations. */
const savedHosts = 10

const visitorsSql = `
  insert into visitors (id, site_id, ghost_vid, identified_user_id, name, company, first_seen, last_seen)
  select 100000 + n, 4, 'gv_load_' || n, 'lead' || n || '@example.com',
    'Name' || n || ' Family' || n % 500, 'Company' || n % 50,
    now() - interval '60 days', now()
  from generate_series(0, ${loadedLog.visitors - 1}) n on conflict do nothing`

// Ids are UUIDs of version 7 over the last 30 days; one in a hundred failed, of twenty causes, at any of fifty hosts,
// ten of which are saved destinations. The divisors share no factor with the states', so that everything meets
// everything.
const deliveriesSql = `
  insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host, destination_id,
    include_journey, include_events, requested_by, state, attempts, created_at, next_attempt_at, sweep_at, delivered_at,
    finished_at, last_cause, last_message, last_response_status, operation_id)
  select id, 4, 100000 + n % ${loadedLog.visitors}, 'gv_load_' || n % ${loadedLog.visitors},
    (array['custom', 'slack', 'discord', 'hubspot', 'salesforce'])[1 + (n / 7) % 5],
    case when host >= ${savedHosts} then 'https://host' || host || '.example.com' end, 'host' || host || '.example.com',
    case when host < ${savedHosts} then ('0190a000-0000-7000-8000-0000000000d' || host)::uuid end,
    true, true, $3, state, $4, at,
    case when state = 'retrying' then now() + interval '1 day' end,
    case when state = 'retrying' then now() + interval '1 day' end,
    case when state = 'delivered' then at end, case when state <> 'retrying' then at end,
    case when state in ('failed', 'retrying') then 'cause_' || (n / 3) % 20 end,
    case when state in ('failed', 'retrying') then 'It failed.' end,
    case when state in ('failed', 'retrying') then (array[400, 404, 429, 500, 503])[1 + (n / 3) % 5] end,
    case when n % 331 = 0 then '${loadedLog.operationId}'::uuid end
  from (
    select n,
      (left(hex, 8) || '-' || right(hex, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0')
        || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
      (n / 11) % 50 as host,
      case
        when n % 100 = 0 then 'failed'
        when n % 250 = 1 then 'cancelled'
        when n % 250 = 2 then 'retrying'
        else 'delivered'
      end as state,
      at
    from (
      select n, at, lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as hex
      from (
        select n, now() - interval '30 days' * (1 - n::float / $5) as at from generate_series($1::int, $2::int) n
      ) timed
    ) named
  ) made`

// Half a kilobyte, like a profile with a short journey.
const payloadsSql = `
  insert into payloads (delivery_id, body, built_at)
  select id, '{"ghost_vid":"' || ghost_vid || '","journey":"' || repeat(md5(id::text), 14) || '"}', created_at
  from deliveries where id >= $1 and id < $2`

const attemptsSql = `
  insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown,
    response_status, response_headers, response_body, response_bytes, response_end)
  select d.id, a, d.created_at, 40, 'answered',
    case when d.state = 'delivered' and a = $3 then 'delivered' else 'retry' end,
    a = 1 and d.state = 'failed', 200, '{"content-type": "text/plain"}', 'ok', 2, 'complete'
  from deliveries d, generate_series(1, $3::int) a where d.id >= $1 and d.id < $2`

/**
 * Fills a database with a log as long as one wants. A million deliveries with three attempts each take some minutes.
 */
export async function loadLog(
  database: Database,
  userId: string,
  { deliveries, attemptsEach }: LogSize,
  log: (line: string) => void,
): Promise<void> {
  const { pool } = database
  await pool.query(visitorsSql)
  for (let index = 0; index < savedHosts; index += 1) await saveDestination(database, userId, index)
  for (let from = 1; from <= deliveries; from += step) {
    const to = Math.min(from + step - 1, deliveries)
    await pool.query(deliveriesSql, [from, to, userId, attemptsEach, deliveries])
    log(`${to} deliveries`)
  }
  const { rows } = await pool.query<{ id: string }>(
    `select id from (select id, row_number() over (order by id) as n from deliveries) d where n % ${step} = 1`,
  )
  const bounds = [...rows.map(({ id }) => id), 'ffffffff-ffff-ffff-ffff-ffffffffffff']
  for (const [index, id] of bounds.slice(0, -1).entries()) {
    await pool.query(payloadsSql, [id, bounds[index + 1]])
    await pool.query(attemptsSql, [id, bounds[index + 1], attemptsEach])
    log(`payloads and attempts of ${Math.min((index + 1) * step, deliveries)} deliveries`)
  }
  for (const table of ['deliveries', 'payloads', 'attempts', 'visitors'])
    await pool.query(`vacuum analyze ${table}`)
}

async function saveDestination(database: Database, userId: string, index: number): Promise<void> {
  const id = `0190a000-0000-7000-8000-0000000000d${index}`
  const secrets = { url: `https://host${index}.example.com/in`, headers: {}, signingSecrets: [] }
  const destination = { id, siteId: 4, name: `Saved ${index}`, webhookType: 'custom', secrets } as const
  const settings = { retrySchedule: null, concurrency: null, rateLimit: null, createdBy: userId }
  const actor = { userId, requestId: 'bench', ip: '127.0.0.1' }
  await createDestination(database, openSealer(benchKeys), { ...destination, ...settings }, actor)
}
