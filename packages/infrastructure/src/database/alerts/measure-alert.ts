import {
  causesShownMax,
  type AlertCause,
  type AlertRule,
  type AlertWindow,
  type DisabledDestination,
  type HeldReceiver,
  type Measurement,
} from '@ghostpost/delivery/alerts'
import type { PoolClient } from 'pg'
import { timeOfId } from '../log/delivery-id.ts'
import { countedDeliveries, countedMax, heldDeliveries, rateScanMax } from './counted-deliveries.ts'

/** A measurement lists no more destinations than this. */
const destinationsMax = 1_000

/**
 * Measures what a rule watches. Each statement uses an index and reads a bounded number of rows.
 * @param now the database's time
 */
export function measureAlert(client: PoolClient, rule: AlertRule, now: Date): Promise<Measurement> {
  const window = windowBefore(rule, now)
  switch (rule.kind) {
    case 'failure_rate':
      return measureRate(client, rule, window)
    case 'dead_letters':
      return measureDeadLetters(client, rule, window)
    case 'destination_disabled':
      return measureDisabled(client, rule, window)
    case 'queue_age':
    case 'not_draining':
      return measureBacklog(client, rule, rule.kind, window)
  }
}

function windowBefore({ windowSeconds }: AlertRule, now: Date): AlertWindow {
  return { from: new Date(now.getTime() - (windowSeconds ?? 0) * 1_000), to: now }
}

interface RateRow {
  tried: number
  failing: number
  scanned: number
}

async function measureRate(client: PoolClient, rule: AlertRule, window: AlertWindow): Promise<Measurement> {
  const { sql, values } = countedDeliveries('failure_rate', rule, window.from)
  const { rows } = await client.query<RateRow>(
    `${sql}
     select
       count(*)::int as tried,
       count(*) filter (where fails)::int as failing,
       (select count(*)::int from scanned) as scanned
     from counted`,
    [...values],
  )
  const { tried, failing, scanned } = rows[0] ?? { tried: 0, failing: 0, scanned: 0 }
  return { kind: 'failure_rate', window, tried, failing, capped: scanned === rateScanMax }
}

interface CountRow {
  count: number
  oldest_id: string | null
  waited_seconds: number | null
}

async function measureCount(
  client: PoolClient,
  kind: 'dead_letters' | 'queue_age' | 'not_draining',
  rule: AlertRule,
  window: AlertWindow,
): Promise<CountRow> {
  const { sql, values } = countedDeliveries(kind, rule, window.from)
  const { rows } = await client.query<CountRow>(
    `${sql}
     select
       count(*)::int as count,
       min(id::text) as oldest_id,
       extract(epoch from now() - min(next_attempt_at))::float as waited_seconds
     from counted`,
    [...values],
  )
  return rows[0] ?? { count: 0, oldest_id: null, waited_seconds: null }
}

async function measureDeadLetters(
  client: PoolClient,
  rule: AlertRule,
  window: AlertWindow,
): Promise<Measurement> {
  const { count, oldest_id } = await measureCount(client, 'dead_letters', rule, window)
  return {
    kind: 'dead_letters',
    window: extendWindow(oldest_id, window),
    count,
    capped: count === countedMax,
  }
}

async function measureBacklog(
  client: PoolClient,
  rule: AlertRule,
  kind: 'queue_age' | 'not_draining',
  window: AlertWindow,
): Promise<Measurement> {
  const { count, oldest_id, waited_seconds: oldestSeconds } = await measureCount(client, kind, rule, window)
  return {
    kind,
    window: extendWindow(oldest_id, window),
    due: count,
    oldestSeconds,
    capped: count === countedMax,
    held: await measureHeld(client, rule),
  }
}

const heldReceiversSql = `
  select
    coalesce(t.name, h.receiver_host) as receiver,
    h.reason,
    count(*)::int as count
  from held h
  left join destinations t on t.id = h.destination_id
  group by 1, 2
  order by count(*) desc
  limit ${causesShownMax}`

async function measureHeld(client: PoolClient, rule: AlertRule): Promise<HeldReceiver[]> {
  const { sql, values } = heldDeliveries(rule)
  const { rows } = await client.query<HeldReceiver>(`${sql} ${heldReceiversSql}`, [...values])
  return rows
}

/** Starts the window when the oldest delivery was made, so that the link of the alert shows each delivery. */
function extendWindow(oldestId: string | null, window: AlertWindow): AlertWindow {
  if (oldestId === null) return window
  const madeAt = timeOfId(oldestId)
  return madeAt < window.from ? { ...window, from: madeAt } : window
}

const disabledDestinationsSql = `
  select
    id,
    name,
    receiver_host as receiver,
    state_reason as reason
  from destinations
  where site_id = $1
    and state = 'disabled'
    and ($2::text is null or webhook_type = $2)
    and ($3::uuid is null or id = $3)
  order by name
  limit ${destinationsMax}`

async function measureDisabled(
  client: PoolClient,
  { siteId, webhookType, watchedDestinationId }: AlertRule,
  window: AlertWindow,
): Promise<Measurement> {
  const values = [siteId, webhookType, watchedDestinationId]
  const { rows } = await client.query<DisabledDestination>(disabledDestinationsSql, values)
  return { kind: 'destination_disabled', window, destinations: rows }
}

// One sample of each group gives the message and the remedy.
const causesSql = `
  grouped as (
    select
      last_cause,
      destination_id,
      receiver_host,
      count(*)::int as count,
      max(id::text)::uuid as sample_id
    from counted
    where fails
    group by 1, 2, 3
    order by count(*) desc
    limit ${causesShownMax}
  )
  select
    g.count,
    g.last_cause as cause,
    coalesce(t.name, g.receiver_host) as receiver,
    d.last_message as message,
    (
      select a.remedy
      from attempts a
      where a.delivery_id = d.id
      order by a.number desc
      limit 1
    ) as remedy
  from grouped g
  join deliveries d on d.id = g.sample_id
  left join destinations t on t.id = g.destination_id
  order by g.count desc`

/** The most frequent causes, with the remedy for each. */
export async function readAlertCauses(
  client: PoolClient,
  rule: AlertRule,
  { kind }: Measurement,
  now: Date,
): Promise<AlertCause[]> {
  if (kind === 'destination_disabled') return []
  const { sql, values } = countedDeliveries(kind, rule, windowBefore(rule, now).from)
  const { rows } = await client.query<AlertCause>(`${sql}, ${causesSql}`, [...values])
  return rows
}
