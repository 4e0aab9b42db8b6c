import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { PlanBody } from '@ghostpost/delivery/contract/operations'
import { supersededSql } from '../attempts/superseded.ts'
import type { MembersSql } from './operation-selection.ts'
import { exportSkips, resendSkips } from './operation-skips.ts'
import type { Database } from '../connection/open-database.ts'

/** What a plan counts of the members of an operation, in bounded time. */

/** So many members of one sort. */
export interface MemberGroup {
  webhook_type: WebhookType | null
  cause: string | null
  state: DeliveryState | null
  destination_id: string | null
  receiver_host: string | null
  count: number
}

export interface CountInput {
  siteId: number
  kind: PlanBody['kind']
  /** Where all of it goes; null for where each went. */
  destinationId: string | null
  members: MembersSql
  /** More are not counted. */
  limit: number
}

const groupColumns = 'webhook_type, last_cause as cause, state, destination_id, receiver_host'
const noGroupColumns =
  'null as webhook_type, null as cause, null as state, null as destination_id, null as receiver_host'

/** The members by sort, most first. */
export async function countMembers(
  { pool }: Pick<Database, 'pool'>,
  { members, limit }: CountInput,
): Promise<MemberGroup[]> {
  const columns = members.from === 'visitors' ? noGroupColumns : groupColumns
  const { rows } = await pool.query<MemberGroup>(
    `select *, count(*)::int as count from (select ${columns} from ${tableOf(members)} limit ${limit}) members
     group by 1, 2, 3, 4, 5 order by count desc`,
    members.values,
  )
  return rows
}

function tableOf({ from, leading, rest }: MembersSql): string {
  return `${from} where ${[...leading, ...rest].join(' and ')}`
}

export interface SkipCount {
  reason: string
  count: number
}

/**
 * What would be skipped now, by reason: the very reasons the feeding goes by.
 * @param withSuperseded whether to look for newer snapshots in CRMs, which takes a look-up for each
 */
export async function countSkips(
  { pool }: Pick<Database, 'pool'>,
  { siteId, kind, destinationId, members, limit }: CountInput,
  withSuperseded: boolean,
): Promise<SkipCount[]> {
  const values = [...members.values]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const isExport = members.from === 'visitors'
  const skips =
    kind === 'resend'
      ? resendSkips
      : exportSkips(bind(destinationId), bind(siteId), isExport ? 'm.id' : undefined)
  const superseded =
    kind === 'resend' && withSuperseded
      ? `case when ${supersededSql('d', 'p.built_at')} then 'superseded' end`
      : 'null'
  // A visitor who is exported has no delivery to look at.
  const member = isExport ? 'm left join deliveries d on false' : 'd'
  const { rows } = await pool.query<SkipCount>(
    `select reason, count(*)::int as count from (
       select coalesce(${skips.reason}, ${superseded}) as reason
       from (select * from ${tableOf(members)} limit ${limit}) ${member} ${skips.joins}
     ) judged where reason is not null group by 1 order by count desc`,
    values,
  )
  return rows
}

/** Members of these types whose receiver may have acted in an attempt although no answer says so. */
export async function countUnknownOutcomes(
  { pool }: Pick<Database, 'pool'>,
  { members, limit }: CountInput,
  types: readonly WebhookType[],
): Promise<number> {
  const values = [...members.values, types]
  const { rows } = await pool.query<{ count: number }>(
    `select count(distinct d.id)::int as count
     from (select id from ${tableOf(members)} and webhook_type = any($${values.length}) limit ${limit}) d
       join attempts a on a.delivery_id = d.id and a.outcome_unknown`,
    values,
  )
  return rows[0]?.count ?? 0
}
