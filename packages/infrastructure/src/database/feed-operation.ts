import { randomUUIDv7 } from 'node:crypto'
import { canarySize } from '@ghostpost/delivery/contract'
import type { PoolClient } from 'pg'
import { inTransaction } from './in-transaction.ts'
import { membersSql, readSelection } from './operation-selection.ts'
import type { Database } from './open-database.ts'

/** What one step of an operation has made due. */
export interface Fed {
  operationId: string
  siteId: number
  deliveries: readonly FedDelivery[]
}

/** A delivery an operation has made due. */
export interface FedDelivery {
  deliveryId: string
  attemptsMade: number
  destinationId: string | null
  receiverHost: string
}

interface OperationRow {
  id: string
  site_id: number
  kind: 'resend' | 're_export' | 'export'
  state: 'running' | 'cancelled'
  selection: Record<string, unknown>
  destination_id: string | null
  rate: number
  canary: 'off' | 'pending' | 'running' | 'passed' | 'failed'
  matched: number
  watermark: Date
  cursor: string | null
  fed: number
  all_fed: boolean
  created_by: string
  since_ms: number
}

/** One step feeds no more than this, however high the rate: Redis and memory stay flat. */
const stepMax = 500
/** How many members one step may look at when a filter has to be checked row by row. */
const lookedAtMax = 10_000
/** Begun and not settled, at most: this many seconds' worth, within bounds. */
const outstandingSeconds = 4
const outstandingMin = 50
const outstandingMax = 2_000
/** A canary whose failures are more than this share stops the operation. */
const canaryFailedShare = 0.2
const feedEveryMs = 200

/**
 * Feeds the operation that has waited longest: takes its next members, writes them into the ledger and makes their
 * deliveries due, in one transaction. Several workers may call this; each operation is fed by one at a time.
 * @returns what is to be rung for, or null when no operation was due to be fed
 */
export async function feedOperation(
  database: Pick<Database, 'pool'>,
  sweepAfterMs: number,
): Promise<Fed | null> {
  return inTransaction(database, async (client) => {
    const operation = await takeOperation(client)
    if (!operation) return null
    const deliveries = await step(database, client, operation, sweepAfterMs)
    return { operationId: operation.id, siteId: operation.site_id, deliveries }
  })
}

async function takeOperation(client: PoolClient): Promise<OperationRow | null> {
  const { rows } = await client.query<OperationRow>(
    `select *, coalesce(extract(epoch from now() - fed_at) * 1000, 1000)::int as since_ms from operations
     where finished_at is null and state in ('running', 'cancelled')
       and (fed_at is null or fed_at < now() - interval '${feedEveryMs} ms')
     order by fed_at nulls first limit 1 for update skip locked`,
  )
  return rows[0] ?? null
}

async function step(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  operation: OperationRow,
  sweepAfterMs: number,
): Promise<readonly FedDelivery[]> {
  await client.query('update operations set fed_at = now() where id = $1', [operation.id])
  if (operation.state === 'cancelled') return cancelBegun(client, operation)
  const waiting = await countWaiting(client, operation.id)
  if (operation.canary === 'running') return judgeCanary(client, operation)
  if (operation.all_fed) {
    if (waiting === 0) await finish(client, operation.id, 'completed')
    return []
  }
  const room = roomFor(operation, waiting)
  return room > 0 ? feed(database, client, operation, room, sweepAfterMs) : []
}

function roomFor({ canary, rate, since_ms, fed, matched }: OperationRow, waiting: number): number {
  if (canary === 'pending') return canarySize
  const byRate = Math.ceil((rate * Math.min(since_ms, 1_000)) / 1_000)
  const outstanding = Math.min(Math.max(rate * outstandingSeconds, outstandingMin), outstandingMax)
  return Math.min(byRate, outstanding - waiting, stepMax, Math.max(matched - fed, 1))
}

async function countWaiting(client: PoolClient, id: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from operation_items where operation_id = $1 and outcome = 'waiting'`,
    [id],
  )
  return rows[0]?.count ?? 0
}

async function finish(client: PoolClient, id: string, state: 'completed' | 'cancelled'): Promise<void> {
  await client.query('update operations set state = $2, finished_at = now() where id = $1', [id, state])
}

/** The first few have all been tried once: good enough to go on, or not. */
async function judgeCanary(client: PoolClient, { id }: OperationRow): Promise<readonly FedDelivery[]> {
  const { rows } = await client.query<{ all: number; tried: number; bad: number }>(
    `select count(*)::int as all, count(*) filter (where i.outcome <> 'waiting' or d.attempts > d.series_start)::int as tried,
       count(*) filter (where i.outcome = 'failed' or (i.outcome = 'waiting' and d.attempts > d.series_start))::int as bad
     from operation_items i left join deliveries d on d.id = i.delivery_id where i.operation_id = $1 and i.outcome <> 'skipped'`,
    [id],
  )
  const { all, tried, bad } = rows[0] ?? { all: 0, tried: 0, bad: 0 }
  if (tried < all) return []
  const failed = bad > all * canaryFailedShare
  await client.query(
    `update operations set canary = $2, state = case when $3 then 'paused' else state end,
       state_reason = case when $3 then $4 end where id = $1`,
    [id, failed ? 'failed' : 'passed', failed, `canary: ${bad} of the first ${all} failed`],
  )
  return []
}

interface Member {
  id: string
  ghost_vid: string
  visitor_id: string
}

async function feed(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  operation: OperationRow,
  room: number,
  sweepAfterMs: number,
): Promise<readonly FedDelivery[]> {
  const { members, cursor, isEnd } = await nextMembers(database, client, operation, room)
  const fed =
    operation.kind === 'resend'
      ? await resendMembers(client, operation, members, sweepAfterMs)
      : await exportMembers(client, operation, members, sweepAfterMs)
  const total = operation.fed + members.length
  await client.query(
    `update operations set cursor = $2, fed = $3, all_fed = $4, canary = case when canary = 'pending' then 'running' else canary end
     where id = $1`,
    [operation.id, cursor, total, isEnd || total >= operation.matched],
  )
  return fed
}

async function nextMembers(
  database: Pick<Database, 'pool'>,
  client: PoolClient,
  { site_id, selection, watermark, cursor }: OperationRow,
  room: number,
): Promise<{ members: Member[]; cursor: string | null; isEnd: boolean }> {
  const sql = await membersSql(database, site_id, readSelection(selection), watermark)
  if (sql === null) return { members: [], cursor, isEnd: true }
  const { from, leading, rest, values, idType } = sql
  const after = cursor === null ? [] : [`id > $${values.push(cursor)}::${idType}`]
  const isVisitor = from === 'visitors'
  const { rows } = await client.query<Member & { fits: boolean }>(
    `select id::text, ghost_vid, ${isVisitor ? 'id' : 'visitor_id'}::text as visitor_id, ${rest.join(' and ') || 'true'} as fits
     from ${from} where ${[...leading, ...after].join(' and ')} order by id limit ${rest.length === 0 ? room : lookedAtMax}`,
    values,
  )
  const fitting = rows.filter(({ fits }) => fits)
  const members = fitting.slice(0, room)
  const sawAll = fitting.length <= room
  const isEnd = sawAll && rows.length < (rest.length === 0 ? room : lookedAtMax)
  return { members, cursor: (sawAll ? rows.at(-1) : members.at(-1))?.id ?? cursor, isEnd }
}

interface FedRow {
  id: string
  attempts: number
  destination_id: string | null
  receiver_host: string
}

// What is no longer as the plan found it is skipped, and the ledger says why.
const resendSql = `
  with wanted as (select * from unnest($2::uuid[], $3::int[]) as w(id, number)), resent as (
    update deliveries d
    set state = 'queued', series_start = attempts, next_attempt_at = now(), finished_at = null, delivered_at = null,
      sweep_at = now() + $4 * interval '1 ms', operation_id = $1, request_id = null
    from wanted w where d.id = w.id and d.state in ('delivered', 'failed', 'cancelled')
      and exists (select from payloads p where p.delivery_id = d.id)
    returning d.id, d.attempts, d.destination_id, d.receiver_host
  ), written as (
    insert into operation_items (operation_id, number, delivery_id, source_delivery_id, ghost_vid, outcome, reason)
    select $1, w.number, r.id, w.id, d.ghost_vid, case when r.id is null then 'skipped' else 'waiting' end,
      case when r.id is null then case when d.state in ('queued', 'delivering', 'retrying') then 'unfinished' else 'state_changed' end end
    from wanted w join deliveries d on d.id = w.id left join resent r on r.id = w.id
  )
  select * from resent`

async function resendMembers(
  client: PoolClient,
  operation: OperationRow,
  members: readonly Member[],
  sweepAfterMs: number,
): Promise<FedDelivery[]> {
  const numbers = members.map((_, index) => operation.fed + index + 1)
  const values = [operation.id, members.map(({ id }) => id), numbers, sweepAfterMs]
  const { rows } = await client.query<FedRow>(resendSql, values)
  return rows.map(fedOf)
}

// A new delivery per member: of the delivery it is made from, or to the destination the operation names.
const exportSql = `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::bigint[], $6::text[]) as w(id, number, source, visitor_id, ghost_vid)
  ), ready as (
    select w.*, s.webhook_type, s.receiver_url, s.receiver_url_sealed, coalesce(t.receiver_host, s.receiver_host) as receiver_host,
      case when t.id is null then s.receiver_scheme else t.receiver_scheme end as receiver_scheme,
      coalesce(t.webhook_type, s.webhook_type) as type, t.id as destination_id, coalesce(s.include_journey, true) as include_journey,
      coalesce(s.include_events, true) as include_events,
      case when v.id is null then 'visitor_gone'
           when coalesce($7, s.destination_id) is not null and t.id is null then 'destination_gone'
           when s.id is not null and $7 is null and s.destination_id is null and s.receiver_url is null
             and s.receiver_url_sealed is null then 'destination_gone'
           when t.state = 'disabled' then 'destination_disabled' end as skip
    from wanted w left join deliveries s on s.id = w.source left join visitors v on v.id = w.visitor_id
      left join destinations t on t.id = coalesce($7, s.destination_id) and t.site_id = $8
  ), made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_url_sealed,
      receiver_scheme, receiver_host, destination_id, include_journey, include_events, requested_by, sweep_at, operation_id, made_from)
    select id, $8, visitor_id, ghost_vid, type, case when destination_id is null then receiver_url end,
      case when destination_id is null then receiver_url_sealed end, receiver_scheme, receiver_host, destination_id, include_journey, include_events, $9, now() + $10 * interval '1 ms', $1, source
    from ready where skip is null
    returning id, attempts, destination_id, receiver_host
  ), written as (
    insert into operation_items (operation_id, number, delivery_id, source_delivery_id, ghost_vid, outcome, reason)
    select $1, number, case when skip is null then id end, source, ghost_vid,
      case when skip is null then 'waiting' else 'skipped' end, skip from ready
  )
  select * from made`

async function exportMembers(
  client: PoolClient,
  operation: OperationRow,
  members: readonly Member[],
  sweepAfterMs: number,
): Promise<FedDelivery[]> {
  const isExport = operation.kind === 'export'
  const values = [
    operation.id,
    members.map(() => randomUUIDv7()),
    members.map((_, index) => operation.fed + index + 1),
    members.map(({ id }) => (isExport ? null : id)),
    members.map(({ visitor_id }) => visitor_id),
    members.map(({ ghost_vid }) => ghost_vid),
    operation.destination_id,
    operation.site_id,
    operation.created_by,
    sweepAfterMs,
  ]
  const { rows } = await client.query<FedRow>(exportSql, values)
  return rows.map(fedOf)
}

function fedOf(row: FedRow): FedDelivery {
  return {
    deliveryId: row.id,
    attemptsMade: row.attempts,
    destinationId: row.destination_id,
    receiverHost: row.receiver_host,
  }
}

const cancelSql = `
  with waiting as (
    select id from deliveries where operation_id = $1 and state in ('queued', 'retrying')
    order by id limit ${stepMax} for update skip locked
  ), cancelled as (
    update deliveries d set state = 'cancelled', next_attempt_at = null, sweep_at = null, finished_at = now()
    from waiting w where d.id = w.id returning d.id
  )
  update operation_items i set outcome = 'cancelled' from cancelled c
  where i.operation_id = $1 and i.delivery_id = c.id and i.outcome = 'waiting'`

/** Until the last attempt that was under way has settled: it may have made a retry due. */
async function cancelBegun(client: PoolClient, { id }: OperationRow): Promise<readonly FedDelivery[]> {
  await client.query(cancelSql, [id])
  if ((await countWaiting(client, id)) === 0) await finish(client, id, 'cancelled')
  return []
}
