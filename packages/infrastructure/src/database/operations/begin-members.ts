import { randomUUIDv7 } from 'node:crypto'
import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { PoolClient } from 'pg'
import { dueDeliveryColumns, dueDeliveryOfRow, type DueDeliveryRow } from '../attempts/due-delivery.ts'
import { exportSkips, resendSkips } from './operation-skips.ts'

/** A delivery or a visitor whose turn it is. */
export interface Member {
  id: string
  ghost_vid: string
  visitor_id: string
}

/** The operation that begins them. */
export interface FeedingOperation {
  id: string
  site_id: number
  kind: 'resend' | 're_export' | 'export'
  destination_id: string | null
  created_by: string
  watermark: Date
}

// What somebody has sent since the plan is not what the plan found: it is left alone.
const changedSince = (watermark: string): string =>
  `when d.id is null or d.finished_at > ${watermark} then 'state_changed'`

// What is no longer as the plan found it is skipped, and the ledger says why.
const resendSql = `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[], $6::text[]) as w(id, number, ghost_vid)
  ), judged as (
    select w.*, d.failure, case ${changedSince('$5')} else ${resendSkips.reason} end as skip
    from wanted w left join deliveries d on d.id = w.id ${resendSkips.joins}
  ), resent as (
    update deliveries d
    set state = 'queued', series_start = attempts, next_attempt_at = now(), finished_at = null, delivered_at = null,
      sweep_at = now() + $4 * interval '1 ms', operation_id = $1, request_id = null
    from judged j where d.id = j.id and j.skip is null and d.state in ('delivered', 'failed', 'cancelled')
    returning ${dueDeliveryColumns('d')}
  ), written as (
    insert into operation_items (operation_id, number, delivery_id, source_delivery_id, ghost_vid, outcome, reason, failure_before)
    select $1, j.number, r.id, j.id, j.ghost_vid, case when r.id is null then 'skipped' else 'waiting' end,
      case when r.id is null then coalesce(j.skip, 'state_changed') end, j.failure
    from judged j left join resent r on r.id = j.id
  )
  select * from resent`

// A new delivery per member: of the delivery it is made from, or to the destination the operation names.
const skips = exportSkips('$7', '$8', 'w.visitor_id')
const exportSql = `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::bigint[], $6::text[]) as w(id, number, source, visitor_id, ghost_vid)
  ), ready as (
    select w.*, d.receiver_url, d.receiver_url_sealed, d.failure, coalesce(t.receiver_host, d.receiver_host) as receiver_host,
      case when t.id is null then d.receiver_scheme else t.receiver_scheme end as receiver_scheme,
      coalesce(t.webhook_type, d.webhook_type) as type, t.id as destination_id, coalesce(d.include_journey, true) as include_journey,
      coalesce(d.include_events, true) as include_events,
      case when w.source is not null then case ${changedSince('$11')} end end as changed, ${skips.reason} as skip
    from wanted w left join deliveries d on d.id = w.source ${skips.joins}
  ), made as (
    insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_url_sealed, receiver_scheme,
      receiver_host, destination_id, include_journey, include_events, requested_by, sweep_at, operation_id, made_from)
    select id, $8, visitor_id, ghost_vid, type, case when destination_id is null then receiver_url end,
      case when destination_id is null then receiver_url_sealed end, receiver_scheme, receiver_host, destination_id, include_journey, include_events, $9, now() + $10 * interval '1 ms', $1, source
    from ready where changed is null and skip is null
    returning ${dueDeliveryColumns('deliveries')}
  ), written as (
    insert into operation_items (operation_id, number, delivery_id, source_delivery_id, ghost_vid, outcome, reason, failure_before)
    select $1, number, case when changed is null and skip is null then id end, source, ghost_vid,
      case when changed is null and skip is null then 'waiting' else 'skipped' end, coalesce(changed, skip), failure from ready
  )
  select * from made`

/**
 * Writes members into the ledger and makes their deliveries due, or skips them and says why.
 * @param fed how many lines the ledger has
 * @returns those that are due now
 */
export async function beginMembers(
  client: PoolClient,
  operation: FeedingOperation,
  members: readonly Member[],
  { fed, sweepAfterMs }: { fed: number; sweepAfterMs: number },
): Promise<DueDelivery[]> {
  if (members.length === 0) return []
  const numbers = members.map((_, index) => fed + index + 1)
  const { rows } = await (operation.kind === 'resend'
    ? client.query<DueDeliveryRow>(resendSql, resendValues(operation, members, numbers, sweepAfterMs))
    : client.query<DueDeliveryRow>(exportSql, exportValues(operation, members, numbers, sweepAfterMs)))
  return rows.map(dueDeliveryOfRow)
}

function resendValues(
  { id, watermark }: FeedingOperation,
  members: readonly Member[],
  numbers: readonly number[],
  sweepAfterMs: number,
): unknown[] {
  const vids = members.map((member) => member.ghost_vid)
  return [id, members.map((member) => member.id), numbers, sweepAfterMs, watermark, vids]
}

function exportValues(
  { id, kind, site_id, destination_id, created_by, watermark }: FeedingOperation,
  members: readonly Member[],
  numbers: readonly number[],
  sweepAfterMs: number,
): unknown[] {
  return [
    id,
    members.map(() => randomUUIDv7()),
    numbers,
    members.map((member) => (kind === 'export' ? null : member.id)),
    members.map((member) => member.visitor_id),
    members.map((member) => member.ghost_vid),
    destination_id,
    site_id,
    created_by,
    sweepAfterMs,
    watermark,
  ]
}
