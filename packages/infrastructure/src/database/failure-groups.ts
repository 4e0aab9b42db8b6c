import type { WebhookType } from '@ghostpost/delivery'
import type { FailureChanges, FailureGroup } from '@ghostpost/delivery/contract'
import { auditEntry, type Actor } from './audit-log.ts'
import type { Database } from './open-database.ts'

/** More dead letters of a site than this are not counted. */
const countedMax = 200_000
const groupsMax = 200

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
}

const within = (interval: string): string =>
  `count(*) filter (where finished_at > now() - interval '${interval}')::int`

// The members are counted on their own index; only one of each group is then looked at.
const groupsSql = `
  with dead as materialized (
    select failure, finished_at, id from deliveries where site_id = $1 and failure is not null
      and ($2::text is null or failure = $2) limit ${countedMax}
  ), total as (select count(*)::int as looked from dead), grouped as (
    select failure, count(*)::int as count, ${within('15 minutes')} as last_15_minutes, ${within('1 hour')} as last_hour,
      ${within('1 day')} as last_day, ${within('7 days')} as last_week, min(finished_at) as first_seen,
      max(finished_at) as last_seen, max(id::text)::uuid as sample_id
    from dead group by failure order by count(*) desc limit ${groupsMax}
  ), replayed as (
    select o.selection -> 'filter' ->> 'failure' as failure,
      count(*) filter (where i.outcome <> 'skipped')::int as resent,
      count(*) filter (where i.outcome = 'delivered')::int as delivered,
      count(*) filter (where i.outcome = 'failed')::int as failed_again
    from operations o join operation_items i on i.operation_id = o.id
    where o.site_id = $1 and o.selection -> 'filter' ->> 'failure' is not null group by 1
  )
  select g.failure as fingerprint, d.site_id, d.webhook_type, d.last_cause as cause, d.receiver_host, d.destination_id,
    t.name as destination_name, d.last_message as message,
    (select a.remedy from attempts a where a.delivery_id = d.id order by a.number desc limit 1) as remedy,
    g.count, (select looked from total) = ${countedMax} as capped, g.last_15_minutes, g.last_hour, g.last_day, g.last_week,
    g.first_seen, g.last_seen, g.sample_id, s.state, s.ignored_until, s.note, s.changed_at,
    coalesce(r.resent, 0) as resent, coalesce(r.delivered, 0) as delivered, coalesce(r.failed_again, 0) as failed_again
  from grouped g join deliveries d on d.id = g.sample_id
    left join destinations t on t.id = d.destination_id
    left join failure_groups s on s.site_id = d.site_id and s.fingerprint = g.failure
    left join replayed r on r.failure = g.failure
  order by g.count desc, g.failure`

/** The failure groups of a site, most dead letters first; one of them when a fingerprint is given. */
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
    last_15_minutes: row.last_15_minutes,
    last_hour: row.last_hour,
    last_day: row.last_day,
    last_week: row.last_week,
    first_seen: row.first_seen.toISOString(),
    last_seen: row.last_seen.toISOString(),
    sample_delivery_id: row.sample_id,
    state: stateOf(row, now),
    ignored_until: row.ignored_until?.toISOString() ?? null,
    note: row.note,
    replays: { resent: row.resent, delivered: row.delivered, failed_again: row.failed_again },
  }
}

/** A resolved group opens again with its next failure, an ignored one when its time is over. */
function stateOf(
  { state, changed_at, ignored_until, last_seen }: GroupRow,
  now: Date,
): FailureGroup['state'] {
  if (state === null || changed_at === null) return 'open'
  if (state === 'resolved' && last_seen > changed_at) return 'open'
  if (state === 'ignored' && (ignored_until === null || ignored_until <= now)) return 'open'
  return state
}

/** Writes down what somebody said of a group. */
export async function changeFailureGroup(
  database: Database,
  siteId: number,
  fingerprint: string,
  { state, ignored_until, note }: FailureChanges,
  actor: Actor,
): Promise<void> {
  const { prisma } = database
  const said = {
    state,
    ignoredUntil: ignored_until === undefined ? null : new Date(ignored_until),
    ...(note !== undefined && { note }),
    changedBy: actor.userId,
    changedAt: new Date(),
  }
  const object = { objectType: 'failure_group', objectId: fingerprint } as const
  await prisma.$transaction([
    prisma.failureGroup.upsert({
      where: { siteId_fingerprint: { siteId, fingerprint } },
      create: { siteId, fingerprint, ...said },
      update: said,
    }),
    auditEntry(database, actor, {
      action: 'failure_group.changed',
      siteId,
      ...object,
      details: { state, ignored_until: ignored_until ?? null },
    }),
  ])
}
