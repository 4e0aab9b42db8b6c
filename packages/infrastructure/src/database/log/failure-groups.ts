import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { FailureChanges, FailureGroup } from '@ghostpost/delivery/contract/failures'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'

/** The most dead letters of one group that are counted: the newest. */
const countedMax = 20_000
/** The most groups that are read, and the most that are returned. */
const groupsScannedMax = 1_000
const groupsMax = 200
/** The most resent members of one group that are counted. */
const replayedMax = 100_000

interface GroupRow {
  fingerprint: string
  site_id: number
  webhook_type: WebhookType
  cause: string
  receiver_host: string
  destination_id: string | null
  destination_name: string | null
  message: string | null
  remedy: string | null
  count: number
  capped: boolean
  last_15_minutes: number
  last_hour: number
  last_day: number
  last_week: number
  first_seen: Date
  last_seen: Date
  sample_id: string
  state: FailureGroup['state'] | null
  ignored_until: Date | null
  note: string | null
  changed_at: Date | null
  resent: number
  delivered: number
  failed_again: number
  moved: number
  recovered: number
}

const countWithin = (interval: string): string =>
  `count(*) filter (where finished_at > now() - interval '${interval}')::int`

/**
 * Lists a site's failure groups.
 *
 * - `names` walks the index from one fingerprint to the next (a loose index scan), so that a large group hides no
 * other.
 * - `counted` counts the newest members of each group on the same index, without recovered ones.
 * - `sample_id` is the newest member; only this one is read as a whole.
 * - `replayed` counts the results of operations that resent members of the group.
 *
 * A group whose members are all recovered is not listed; its fingerprint still finds it.
 */
const groupsSql = `
  with recursive names as (
    (
      (
        select failure
        from deliveries
        where site_id = $1
          and failure is not null
          and recovered_by is null
          and $2::text is null
        order by failure
        limit 1
      )
      union all
      (
        select failure
        from deliveries
        where site_id = $1
          and failure = $2
        limit 1
      )
    )
    union all
    select (
      select d.failure
      from deliveries d
      where d.site_id = $1
        and d.failure > n.failure
        and d.recovered_by is null
        and $2::text is null
      order by d.failure
      limit 1
    )
    from names n
    where n.failure is not null
  ), grouped as (
    select
      n.failure,
      counted.*,
      coalesce(
        (
          select id
          from deliveries d
          where d.site_id = $1
            and d.failure = n.failure
            and d.recovered_by is null
          order by d.id desc
          limit 1
        ),
        (
          select id
          from deliveries d
          where d.site_id = $1
            and d.failure = n.failure
          order by d.id desc
          limit 1
        )
      ) as sample_id,
      (
        select count(*)::int
        from (
          select
          from deliveries d
          where d.site_id = $1
            and d.failure = n.failure
            and d.recovered_by is not null
          limit ${countedMax}
        ) copied
      ) as copied
    from (
      select failure
      from names
      where failure is not null
      limit ${groupsScannedMax}
    ) n
    cross join lateral (
      select
        count(*)::int as count,
        ${countWithin('15 minutes')} as last_15_minutes,
        ${countWithin('1 hour')} as last_hour,
        ${countWithin('1 day')} as last_day,
        ${countWithin('7 days')} as last_week,
        min(finished_at) as first_seen,
        max(finished_at) as last_seen
      from (
        select finished_at
        from deliveries d
        where d.site_id = $1
          and d.failure = n.failure
          and d.recovered_by is null
        order by d.id desc
        limit ${countedMax}
      ) newest
    ) counted
    order by counted.count desc
    limit ${groupsMax}
  )
  select
    g.failure as fingerprint,
    d.site_id,
    d.webhook_type,
    d.last_cause as cause,
    d.receiver_host,
    d.destination_id,
    t.name as destination_name,
    d.last_message as message,
    (select a.remedy from attempts a where a.delivery_id = d.id order by a.number desc limit 1) as remedy,
    g.count,
    g.count = ${countedMax} as capped,
    g.last_15_minutes,
    g.last_hour,
    g.last_day,
    g.last_week,
    coalesce(g.first_seen, d.finished_at) as first_seen,
    coalesce(g.last_seen, d.finished_at) as last_seen,
    g.sample_id,
    s.state,
    s.ignored_until,
    s.note,
    s.changed_at,
    replays.resent,
    replays.delivered,
    replays.failed_again,
    replays.moved,
    g.copied + replays.delivered_by_resend as recovered
  from grouped g
  join deliveries d on d.id = g.sample_id
  left join destinations t on t.id = d.destination_id
  left join failure_groups s on s.site_id = d.site_id and s.fingerprint = g.failure
  cross join lateral (
    select
      count(*) filter (where outcome <> 'skipped')::int as resent,
      count(*) filter (where outcome = 'delivered')::int as delivered,
      count(*) filter (where outcome = 'delivered' and kind = 'resend')::int as delivered_by_resend,
      count(*) filter (where outcome = 'failed' and failure_after = g.failure)::int as failed_again,
      count(*) filter (where outcome = 'failed' and failure_after <> g.failure)::int as moved
    from (
      select
        i.outcome,
        i.failure_after,
        o.kind
      from operation_items i
      join operations o on o.id = i.operation_id
      where i.failure_before = g.failure
        and o.site_id = $1
      limit ${replayedMax}
    ) replayed
  ) replays
  order by g.count desc, g.failure`

/** Lists the failure groups of a site, most dead letters first; only one of them when a fingerprint is given. */
export async function listFailureGroups(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  fingerprint: string | null = null,
): Promise<FailureGroup[]> {
  const { rows } = await pool.query<GroupRow>({
    name: 'failure-groups',
    text: groupsSql,
    values: [siteId, fingerprint],
  })
  return rows.map((row) => groupOf(row, new Date()))
}

function groupOf(row: GroupRow, now: Date): FailureGroup {
  return {
    fingerprint: row.fingerprint,
    siteId: row.site_id,
    webhook_type: row.webhook_type,
    cause: row.cause,
    receiver: row.receiver_host,
    destination_id: row.destination_id,
    destination_name: row.destination_name,
    message: row.message ?? '',
    remedy: row.remedy,
    count: row.count,
    capped: row.capped,
    recovered: row.recovered,
    last_15_minutes: row.last_15_minutes,
    last_hour: row.last_hour,
    last_day: row.last_day,
    last_week: row.last_week,
    first_seen: row.first_seen.toISOString(),
    last_seen: row.last_seen.toISOString(),
    sample_delivery_id: row.sample_id,
    state: stateOf(row, now),
    reopened: row.state === 'resolved' && hasFailedSince(row),
    ignored_until: row.ignored_until?.toISOString() ?? null,
    note: row.note,
    replays: {
      resent: row.resent,
      delivered: row.delivered,
      failed_again: row.failed_again,
      moved: row.moved,
    },
  }
}

/** A resolved group opens again with its next failure, an ignored one when `ignored_until` has passed. */
function stateOf(row: GroupRow, now: Date): FailureGroup['state'] {
  const { state, ignored_until } = row
  if (state === null) return 'open'
  if (state === 'resolved' && hasFailedSince(row)) return 'open'
  if (state === 'ignored' && (ignored_until === null || ignored_until <= now)) return 'open'
  return state
}

function hasFailedSince({ changed_at, last_seen }: GroupRow): boolean {
  return changed_at !== null && last_seen > changed_at
}

/** `now()`: the database's clock, by which failures are stored, too. */
const changeSql = `
  insert into failure_groups (site_id, fingerprint, state, ignored_until, note, changed_by, changed_at)
  values ($1, $2, $3, $4, $5, $6, now())
  on conflict (site_id, fingerprint) do update
  set
    state = excluded.state,
    ignored_until = excluded.ignored_until,
    note = case when $7 then excluded.note else failure_groups.note end,
    changed_by = excluded.changed_by,
    changed_at = excluded.changed_at`

type FailureGroupChange = Pick<FailureChanges, 'state' | 'note'> & { ignored_until?: string | null }

/** Stores a person's decision about a group and an audit entry. Without a note the stored note stays. */
export async function changeFailureGroup(
  database: Pick<Database, 'pool'>,
  siteId: number,
  fingerprint: string,
  { state, ignored_until = null, note }: FailureGroupChange,
  actor: Actor,
): Promise<void> {
  const change = [state, ignored_until, note ?? null, actor.userId, note !== undefined]
  const object = { objectType: 'failure_group', objectId: fingerprint } as const
  await inTransaction(database, async (client) => {
    await client.query(changeSql, [siteId, fingerprint, ...change])
    const details = { state, ignored_until }
    await writeAudit(client, actor, { action: 'failure_group.changed', siteId, ...object, details })
  })
}
