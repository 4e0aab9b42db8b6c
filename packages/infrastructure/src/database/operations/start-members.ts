import { randomUUIDv7 } from 'node:crypto'
import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { OperationKind, OperationMember } from '@ghostpost/delivery/operations'
import type { PoolClient } from 'pg'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from '../attempts/due-delivery.ts'
import { cancelMembers } from './cancel-members.ts'
import { exportSkips, resendSkips } from './operation-skips.ts'

/** The operation whose members start. */
export interface StartingOperation {
  id: string
  site_id: number
  kind: OperationKind
  destination_id: string | null
  include_recovered: boolean
  created_by: string
  watermark: Date
}

// A delivery that was sent again after the plan was made is skipped.
const changedSince = (watermark: string): string =>
  `when d.id is null or d.finished_at > ${watermark} then 'state_changed'`

// A resend makes the same delivery due again.
const resends = resendSkips('$7')
const startResendsSql = `
  with input as (
    select *
    from unnest($2::uuid[], $3::int[], $6::text[]) as w(id, number, ghost_vid)
  ), judged as (
    select
      w.*,
      d.failure,
      case ${changedSince('$5')} else ${resends.reason} end as skip
    from input w
    left join deliveries d on d.id = w.id
    ${resends.joins}
  ), resent as (
    update deliveries d
    set
      state = 'queued',
      series_start = attempts,
      next_attempt_at = now(),
      finished_at = null,
      delivered_at = null,
      recovered_by = null,
      sweep_at = now() + $4 * interval '1 ms',
      operation_id = $1,
      request_id = null
    from judged j
    where d.id = j.id
      and j.skip is null
      and d.state in ('delivered', 'failed', 'cancelled')
    returning ${dueDeliveryColumns('d')}
  ), ledger_lines as (
    insert into operation_items (
      operation_id,
      number,
      delivery_id,
      source_delivery_id,
      ghost_vid,
      outcome,
      reason,
      failure_before
    )
    select
      $1,
      j.number,
      r.id,
      j.id,
      j.ghost_vid,
      case when r.id is null then 'skipped' else 'waiting' end,
      case when r.id is null then coalesce(j.skip, 'state_changed') end,
      j.failure
    from judged j
    left join resent r on r.id = j.id
  )
  select * from resent`

// An export makes a new delivery of each member: to where its source went, or to the operation's destination.
const skips = exportSkips('$7', '$8', '$12', 'w.visitor_id')
const startExportsSql = `
  with input as (
    select *
    from unnest($2::uuid[], $3::int[], $4::uuid[], $5::bigint[], $6::text[])
      as w(id, number, source, visitor_id, ghost_vid)
  ), judged as (
    select
      w.*,
      d.receiver_url,
      d.receiver_url_sealed,
      d.failure,
      coalesce(t.receiver_host, d.receiver_host) as receiver_host,
      case when t.id is null then d.receiver_scheme else t.receiver_scheme end as receiver_scheme,
      case when t.id is null then d.webhook_key end as webhook_key,
      coalesce(t.webhook_type, d.webhook_type) as type,
      t.id as destination_id,
      coalesce(d.include_journey, true) as include_journey,
      coalesce(d.include_events, true) as include_events,
      coalesce(case when w.source is not null then case ${changedSince('$11')} end end, ${skips.reason}) as skip
    from input w
    left join deliveries d on d.id = w.source
    ${skips.joins}
  ), exported as (
    insert into deliveries (
      id,
      site_id,
      visitor_id,
      ghost_vid,
      webhook_type,
      receiver_url,
      receiver_url_sealed,
      receiver_scheme,
      receiver_host,
      webhook_key,
      destination_id,
      include_journey,
      include_events,
      requested_by,
      sweep_at,
      operation_id,
      made_from
    )
    select
      id,
      $8,
      visitor_id,
      ghost_vid,
      type,
      case when destination_id is null then receiver_url end,
      case when destination_id is null then receiver_url_sealed end,
      receiver_scheme,
      receiver_host,
      webhook_key,
      destination_id,
      include_journey,
      include_events,
      $9,
      now() + $10 * interval '1 ms',
      $1,
      source
    from judged
    where skip is null
    returning ${dueDeliveryColumns('deliveries')}
  ), ledger_lines as (
    insert into operation_items (
      operation_id,
      number,
      delivery_id,
      source_delivery_id,
      ghost_vid,
      outcome,
      reason,
      failure_before
    )
    select
      $1,
      number,
      case when skip is null then id end,
      source,
      ghost_vid,
      case when skip is null then 'waiting' else 'skipped' end,
      skip,
      failure
    from judged
  )
  select * from exported`

/**
 * Whoever erases a visitor, deletes a payload or sends a delivery again holds these locks. A statement that begins
 * after they are granted sees what they did. All of them lock the visitors first, and rows in the order of ids.
 */
const lockVisitorsSql = `
  select
  from visitors
  where id = any($1::bigint[])
  order by id
  for key share`

const lockDeliveriesSql = `
  select
  from deliveries
  where id = any($1::uuid[])
  order by id
  for no key update`

interface StartInput {
  members: readonly OperationMember[]
  /** How many members the ledger lists so far. */
  fed: number
  sweepAfterMs: number
}

/**
 * Writes members into the ledger. Makes their deliveries due, or skips them with the reason.
 * @returns the deliveries that are due now
 */
export async function startMembers(
  client: PoolClient,
  operation: StartingOperation,
  input: StartInput,
): Promise<DueDelivery[]> {
  if (input.members.length === 0) return []
  await client.query(lockVisitorsSql, [input.members.map((member) => member.visitorId)])
  if (operation.kind !== 'export')
    await client.query(lockDeliveriesSql, [input.members.map((member) => member.id)])
  if (operation.kind === 'cancel') {
    await cancelMembers(client, operation.id, input.members, input.fed)
    return []
  }
  const { rows } = await (operation.kind === 'resend'
    ? client.query<DueDeliveryRow>(startResendsSql, resendValues(operation, input))
    : client.query<DueDeliveryRow>(startExportsSql, exportValues(operation, input)))
  return rows.map(dueDeliveryOfRow)
}

function numbersOf({ members, fed }: StartInput): number[] {
  return members.map((_, index) => fed + index + 1)
}

function resendValues({ id, watermark, include_recovered }: StartingOperation, input: StartInput): unknown[] {
  const { members, sweepAfterMs } = input
  return [
    id,
    members.map((member) => member.id),
    numbersOf(input),
    sweepAfterMs,
    watermark,
    members.map((member) => member.ghostVid),
    include_recovered,
  ]
}

function exportValues(operation: StartingOperation, input: StartInput): unknown[] {
  const { members, sweepAfterMs } = input
  return [
    operation.id,
    members.map(() => randomUUIDv7()),
    numbersOf(input),
    members.map((member) => (operation.kind === 'export' ? null : member.id)),
    members.map((member) => member.visitorId),
    members.map((member) => member.ghostVid),
    operation.destination_id,
    operation.site_id,
    operation.created_by,
    sweepAfterMs,
    operation.watermark,
    operation.include_recovered,
  ]
}
