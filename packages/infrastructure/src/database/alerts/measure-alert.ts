import type {
  AlertCause,
  AlertRule,
  AlertWindow,
  DisabledDestination,
  Measurement,
} from '@ghostpost/delivery/alerts'
import { causesShownMax } from '@ghostpost/delivery/alerts'
import type { Pool, PoolClient } from 'pg'
import { timeOfId } from '../log/delivery-id.ts'
import { countedDeliveries, countedMax, rateScanMax } from './counted-deliveries.ts'

type Queryable = Pick<Pool | PoolClient, 'query'>

/** More of them nobody reads; how many there are is told all the same. */
const destinationsMax = 1_000

/** Looks at what a rule watches. Bounded in rows, and by index. `now` is the database's. */
export function measureAlert(queries: Queryable, rule: AlertRule, now: Date): Promise<Measurement> {
  const window = windowBefore(rule, now)
  switch (rule.kind) {
    case 'failure_rate':
      return measureRate(queries, rule, window)
    case 'dead_letters':
      return measureDeadLetters(queries, rule, window)
    case 'destination_disabled':
      return measureDisabled(queries, rule, window)
    case 'queue_age':
    case 'not_draining':
      return measureBacklog(queries, rule, rule.kind, window)
  }
}

function windowBefore({ windowSeconds }: AlertRule, now: Date): AlertWindow {
  return { from: new Date(now.getTime() - (windowSeconds ?? 0) * 1_000), to: now }
}

async function measureRate(queries: Queryable, rule: AlertRule, window: AlertWindow): Promise<Measurement> {
  const { sql, values } = countedDeliveries('failure_rate', rule, window.from)
  const { rows } = await queries.query<{ tried: number; failing: number; looked: number }>(
    `${sql} select count(*)::int as tried, count(*) filter (where fails)::int as failing,
       (select count(*)::int from seen) as looked from counted`,
    [...values],
  )
  const { tried, failing, looked } = rows[0] ?? { tried: 0, failing: 0, looked: 0 }
  return { kind: 'failure_rate', window, tried, failing, capped: looked === rateScanMax }
}

interface CountedRow {
  count: number
  oldest_id: string | null
  waited: number | null
}

async function measureCount(
  queries: Queryable,
  kind: 'dead_letters' | 'queue_age' | 'not_draining',
  rule: AlertRule,
  window: AlertWindow,
): Promise<CountedRow> {
  const { sql, values } = countedDeliveries(kind, rule, window.from)
  const { rows } = await queries.query<CountedRow>(
    `${sql} select count(*)::int as count, min(id::text) as oldest_id,
       extract(epoch from now() - min(next_attempt_at))::float as waited from counted`,
    [...values],
  )
  return rows[0] ?? { count: 0, oldest_id: null, waited: null }
}

async function measureDeadLetters(
  queries: Queryable,
  rule: AlertRule,
  window: AlertWindow,
): Promise<Measurement> {
  const { count, oldest_id } = await measureCount(queries, 'dead_letters', rule, window)
  return {
    kind: 'dead_letters',
    window: extendWindow(oldest_id, window),
    count,
    capped: count === countedMax,
  }
}

async function measureBacklog(
  queries: Queryable,
  rule: AlertRule,
  kind: 'queue_age' | 'not_draining',
  window: AlertWindow,
): Promise<Measurement> {
  const { count, oldest_id, waited } = await measureCount(queries, kind, rule, window)
  const capped = count === countedMax
  return { kind, window: extendWindow(oldest_id, window), due: count, oldestSeconds: waited, capped }
}

/** Back to when the oldest was made, so that the log shows it. */
function extendWindow(oldestId: string | null, window: AlertWindow): AlertWindow {
  if (oldestId === null) return window
  const madeAt = timeOfId(oldestId)
  return madeAt < window.from ? { ...window, from: madeAt } : window
}

async function measureDisabled(
  queries: Queryable,
  { siteId, webhookType, watchedDestinationId }: AlertRule,
  window: AlertWindow,
): Promise<Measurement> {
  const { rows } = await queries.query<DisabledDestination>(
    `select id, name, receiver_host as receiver, state_reason as reason from destinations
     where site_id = $1 and state = 'disabled' and ($2::text is null or webhook_type = $2) and ($3::uuid is null or id = $3)
     order by name limit ${destinationsMax}`,
    [siteId, webhookType, watchedDestinationId],
  )
  return { kind: 'destination_disabled', window, destinations: rows }
}

// Only one member of each group is looked at closely.
const causesSql = `
  grouped as (
    select last_cause, destination_id, receiver_host, count(*)::int as count, max(id::text)::uuid as sample_id
    from counted where fails group by 1, 2, 3 order by count(*) desc limit ${causesShownMax}
  )
  select g.count, g.last_cause as cause, coalesce(t.name, g.receiver_host) as receiver, d.last_message as message,
    (select a.remedy from attempts a where a.delivery_id = d.id order by a.number desc limit 1) as remedy
  from grouped g join deliveries d on d.id = g.sample_id left join destinations t on t.id = g.destination_id
  order by g.count desc`

/** Why mostly, and what to do about it. */
export async function readAlertCauses(
  queries: Queryable,
  rule: AlertRule,
  { kind }: Measurement,
  now: Date,
): Promise<AlertCause[]> {
  if (kind === 'destination_disabled') return []
  const { sql, values } = countedDeliveries(kind, rule, windowBefore(rule, now).from)
  const { rows } = await queries.query<AlertCause>(`${sql}, ${causesSql}`, [...values])
  return rows
}
