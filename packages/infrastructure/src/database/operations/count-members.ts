import type { MemberGroup, PlanRequest, SelectedMembers, SkipCount } from '@ghostpost/delivery/operations'
import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import { supersededSql } from '../attempts/superseded.ts'
import type { Database } from '../connection/open-database.ts'
import type { MembersSql } from './operation-selection.ts'
import { cancelSkips, exportSkips, resendSkips } from './operation-skips.ts'

/** What decides which members a plan skips. */
interface CountedPlan extends Pick<PlanRequest, 'kind' | 'destinationId' | 'includeRecovered'> {
  siteId: number
}

/** The members of a plan, counted in bounded time. */
export function selectedMembers(
  { pool }: Pick<Database, 'pool'>,
  input: CountedPlan,
  members: MembersSql,
): SelectedMembers {
  return {
    from: members.from,
    countGroups: (limit) => countGroups(pool, members, limit),
    countSkips: async (limit, withSuperseded) => {
      const { sql, values } = skipsSql(input, members, limit, withSuperseded)
      return (await pool.query<SkipCount>(sql, values)).rows
    },
    countUnknownOutcomes: (limit, types) => countUnknownOutcomes(pool, members, limit, types),
  }
}

function tableOf({ from, leading, rest }: MembersSql): string {
  return `${from} where ${[...leading, ...rest].join(' and ')}`
}

interface GroupRow {
  webhook_type: WebhookType | null
  cause: string | null
  state: DeliveryState | null
  destination_id: string | null
  receiver_host: string | null
  count: number
}

const deliveryColumns = `
    webhook_type,
    last_cause as cause,
    state,
    destination_id,
    receiver_host`

// A visitor has none of these.
const visitorColumns = `
    null as webhook_type,
    null as cause,
    null as state,
    null as destination_id,
    null as receiver_host`

async function countGroups(
  pool: Database['pool'],
  members: MembersSql,
  limit: number,
): Promise<MemberGroup[]> {
  const { rows } = await pool.query<GroupRow>(
    `select
       *,
       count(*)::int as count
     from (
       select ${members.from === 'visitors' ? visitorColumns : deliveryColumns}
       from ${tableOf(members)}
       limit ${limit}
     ) members
     group by 1, 2, 3, 4, 5
     order by count desc`,
    members.values,
  )
  return rows.map((row) => ({
    webhookType: row.webhook_type,
    cause: row.cause,
    state: row.state,
    destinationId: row.destination_id,
    receiverHost: row.receiver_host,
    count: row.count,
  }))
}

/** Counts skips with the same conditions that feeding decides with. */
function skipsSql(
  { siteId, kind, destinationId, includeRecovered }: CountedPlan,
  members: MembersSql,
  limit: number,
  withSuperseded: boolean,
): { sql: string; values: unknown[] } {
  const values = [...members.values]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const isExport = members.from === 'visitors'
  const skips = {
    cancel: () => cancelSkips,
    resend: () => resendSkips(bind(includeRecovered)),
    re_export: () => exportSkips(bind(destinationId), bind(siteId), bind(includeRecovered)),
    export: () => exportSkips(bind(destinationId), bind(siteId), bind(includeRecovered), 'm.id'),
  }[kind]()
  const supersededCase = withSuperseded
    ? `case when ${supersededSql('d', 'p.built_at')} then 'superseded' end`
    : 'null'
  const sql = `
    select
      reason,
      count(*)::int as count
    from (
      select coalesce(${skips.reason}, ${supersededCase}) as reason
      from (
        select *
        from ${tableOf(members)}
        limit ${limit}
      ) ${isExport ? 'm left join deliveries d on false' : 'd'}
      ${skips.joins}
    ) judged
    where reason is not null
    group by 1
    order by count desc`
  return { sql, values }
}

async function countUnknownOutcomes(
  pool: Database['pool'],
  members: MembersSql,
  limit: number,
  types: readonly WebhookType[],
): Promise<number> {
  const values = [...members.values, types]
  const { rows } = await pool.query<{ count: number }>(
    `select count(distinct d.id)::int as count
     from (
       select id
       from ${tableOf(members)}
         and webhook_type = any($${values.length})
       limit ${limit}
     ) d
     join attempts a on a.delivery_id = d.id and a.outcome_unknown`,
    values,
  )
  return rows[0]?.count ?? 0
}
