import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { Database } from '../connection/open-database.ts'
import type { HoldReason } from '@ghostpost/delivery/contract/system'
import { heartbeatTimeoutMs } from '../upkeep/worker-heartbeat.ts'
import { joinHoldSql } from './receiver-holds.ts'

/** The waiting deliveries of one lane, as the database knows them. */
export interface LaneBacklog {
  /** Unfinished deliveries that are due. */
  due: number
  /** Due deliveries that no worker takes, because their destination or operation is paused. */
  paused: number
  /** Due deliveries that wait for their receiver, which is left alone for a time. */
  heldByReceiver: number
  /** How long the oldest due delivery has been due, in seconds; null when none is due. */
  oldestDueSeconds: number | null
  /** Counts by when they become due, or their receiver is tried again: within 1, 10 or 60 minutes, or later (null). */
  upcoming: { withinMinutes: number | null; count: number }[]
}

/** Waiting deliveries by lane, counted up to a bound. */
export interface Backlog {
  lanes: Record<Lane, LaneBacklog>
  /** The receivers that are left alone, the one with the most deliveries first. */
  heldReceivers: readonly HeldReceiver[]
  /** Whether the count stopped at the bound. */
  capped: boolean
}

/** A receiver that is left alone, and the deliveries that wait for it. */
export interface HeldReceiver {
  siteId: number
  /** Its host. */
  receiver: string
  destinationId: string | null
  destinationName: string | null
  reason: HoldReason
  until: Date
  count: number
}

const heldReceiversMax = 20

/** The most unfinished deliveries that are counted. */
const countedMax = 100_000

type BacklogRow = { lane: Lane; oldest: number | null } & Record<
  'counted' | 'due' | 'paused' | 'held' | 'minute' | 'ten' | 'hour' | 'later',
  number
>

// The lanes are those of `laneOf`: deliveries of an operation are bulk, first attempts of a series are live, the others
// are retries.
const waitingColumns = `
      site_id,
      next_attempt_at - now() as due_in,
      destination_id,
      operation_id,
      receiver_host,
      webhook_key,
      case
        when operation_id is not null then 'bulk'
        when attempts = series_start then 'live'
        else 'retry'
      end as lane`

const isWaiting = `sweep_at is not null
      and state in ('queued', 'retrying')`

const waitingOfAllSites = `
    select ${waitingColumns}
    from deliveries
    where ${isWaiting}
    order by sweep_at
    limit ${countedMax}`

// Each site is a part of one index, so that the deliveries of other sites cost nothing.
const waitingOfSites = `
    select w.*
    from unnest($1::int[]) s(id)
    cross join lateral (
      select ${waitingColumns}
      from deliveries
      where site_id = s.id
        and ${isWaiting}
      order by id
      limit ${countedMax}
    ) w
    limit ${countedMax}`

/** A `with` clause; its last table is `known`, the waiting deliveries and whether each is paused. */
const knownSql = (waiting: string): string => `
  with waiting as (${waiting}
  ),
  known as (
    select
      w.site_id,
      w.lane,
      greatest(w.due_in, h.until - now()) as due_in,
      h.until is not null and w.due_in <= interval '0' as is_held,
      w.destination_id,
      w.receiver_host,
      t.name as destination_name,
      h.reason,
      h.until,
      (t.state is distinct from 'enabled' and t.state is not null)
        or o.state is not distinct from 'paused' as paused
    from waiting w
    left join destinations t on t.id = w.destination_id
    left join operations o on o.id = w.operation_id
    ${joinHoldSql('w')}
  )`

const isDueSql = `due_in <= interval '0' and not paused`

const backlogSql = (waiting: string): string => `
  ${knownSql(waiting)}
  select
    lane,
    count(*)::int as counted,
    count(*) filter (where ${isDueSql})::int as due,
    count(*) filter (where due_in <= interval '0' and paused)::int as paused,
    count(*) filter (where is_held and not paused)::int as held,
    extract(epoch from -min(due_in) filter (where ${isDueSql}))::float as oldest,
    count(*) filter (where due_in > interval '0' and due_in <= interval '1 minute')::int as minute,
    count(*) filter (where due_in > interval '1 minute' and due_in <= interval '10 minutes')::int as ten,
    count(*) filter (where due_in > interval '10 minutes' and due_in <= interval '1 hour')::int as hour,
    count(*) filter (where due_in > interval '1 hour')::int as later
  from known
  group by lane`

const heldReceiversSql = (waiting: string): string => `
  ${knownSql(waiting)}
  select
    site_id as "siteId",
    receiver_host as receiver,
    destination_id as "destinationId",
    destination_name as "destinationName",
    reason,
    max(until) as until,
    count(*)::int as count
  from known
  where is_held
    and not paused
  group by 1, 2, 3, 4, 5
  order by count(*) desc
  limit ${heldReceiversMax}`

/** The waiting deliveries of all sites. */
export async function readBacklog({ pool }: Pick<Database, 'pool'>): Promise<Backlog> {
  const { rows } = await pool.query<BacklogRow>(backlogSql(waitingOfAllSites))
  if (!hasHeld(rows)) return backlogOf(rows, [])
  return backlogOf(rows, (await pool.query<HeldReceiver>(heldReceiversSql(waitingOfAllSites))).rows)
}

/** The waiting deliveries of some sites. */
export async function readBacklogOfSites(
  { pool }: Pick<Database, 'pool'>,
  sites: readonly number[],
): Promise<Backlog> {
  const { rows } = await pool.query<BacklogRow>(backlogSql(waitingOfSites), [sites])
  if (!hasHeld(rows)) return backlogOf(rows, [])
  return backlogOf(rows, (await pool.query<HeldReceiver>(heldReceiversSql(waitingOfSites), [sites])).rows)
}

function hasHeld(rows: readonly BacklogRow[]): boolean {
  return rows.some(({ held }) => held > 0)
}

function backlogOf(rows: readonly BacklogRow[], heldReceivers: readonly HeldReceiver[]): Backlog {
  const found = lanes.map((lane) => [lane, laneBacklogOf(rows.find((row) => row.lane === lane))] as const)
  return {
    lanes: Object.fromEntries(found) as Backlog['lanes'],
    heldReceivers,
    capped: rows.reduce((sum, { counted }) => sum + counted, 0) >= countedMax,
  }
}

/** The due deliveries of one site in one lane. */
export interface SiteDue {
  site_id: number
  lane: Lane
  due: number
}

const dueSql = `
  ${knownSql(waitingOfAllSites)}
  select
    site_id,
    lane,
    count(*)::int as due
  from known
  where ${isDueSql}
  group by site_id, lane
  order by site_id, lane`

/** How many deliveries are due, by site and lane. What has none is left out. */
export async function countDueBySite({ pool }: Pick<Database, 'pool'>): Promise<SiteDue[]> {
  const { rows } = await pool.query<SiteDue>(dueSql)
  return rows
}

function laneBacklogOf(row: BacklogRow | undefined): LaneBacklog {
  return {
    due: row?.due ?? 0,
    paused: row?.paused ?? 0,
    heldByReceiver: row?.held ?? 0,
    oldestDueSeconds: row?.oldest ?? null,
    upcoming: [
      { withinMinutes: 1, count: row?.minute ?? 0 },
      { withinMinutes: 10, count: row?.ten ?? 0 },
      { withinMinutes: 60, count: row?.hour ?? 0 },
      { withinMinutes: null, count: row?.later ?? 0 },
    ],
  }
}

export interface LiveWorker {
  id: string
  host: string
  version: string
  concurrency: number
  startedAt: Date
  seenAt: Date
}

const liveWorkersSql = `
  select
    id,
    host,
    version,
    concurrency,
    started_at as "startedAt",
    seen_at as "seenAt"
  from workers
  where seen_at > now() - $1 * interval '1 ms'
  order by started_at`

/** The workers with a recent heartbeat by the database's clock, oldest first. */
export async function listWorkers({ pool }: Pick<Database, 'pool'>): Promise<LiveWorker[]> {
  const { rows } = await pool.query<LiveWorker>(liveWorkersSql, [heartbeatTimeoutMs])
  return rows
}

const isAdminEverywhereSql = `
  select
    exists (
      select
      from sites
    )
    and not exists (
      select
      from sites s
      where not exists (
        select
        from memberships m
        where m.site_id = s.id
          and m.user_id = $1
          and m.role = 'admin'
      )
    ) as everywhere`

/** Whether a user is an admin of every site, and so may change what all sites share. False while there is no site. */
export async function isAdminEverywhere({ pool }: Pick<Database, 'pool'>, userId: string): Promise<boolean> {
  const { rows } = await pool.query<{ everywhere: boolean }>(isAdminEverywhereSql, [userId])
  return rows[0]?.everywhere ?? false
}
