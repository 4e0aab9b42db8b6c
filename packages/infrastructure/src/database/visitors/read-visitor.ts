import type { VisitorView } from '@ghostpost/delivery/contract/visitor'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { DeliveryState } from '@ghostpost/delivery/deliver'
import { journeyMax, recentEventsMax } from '@ghostpost/delivery/visitors'
import type { Database } from '../connection/open-database.ts'
import { summaryOf, visitorColumns, type VisitorSqlRow } from './list-visitors.ts'

const visitorSql = `
  select ${visitorColumns}
  from visitors v
  where v.site_id = $1
    and v.ghost_vid = $2`

const sessionsSql = `
  select
    session_id,
    started_at,
    ended_at,
    pageview_count,
    entry_page,
    exit_page,
    referrer
  from visitor_sessions
  where visitor_id = $1
  order by
    started_at desc,
    id desc
  limit ${journeyMax}`

interface SessionRow {
  session_id: string
  started_at: Date
  ended_at: Date | null
  pageview_count: number
  entry_page: string | null
  exit_page: string | null
  referrer: string | null
}

const eventsSql = `
  select
    event_id,
    type,
    page,
    occurred_at
  from events
  where visitor_id = $1
  order by
    occurred_at desc,
    id desc
  limit ${recentEventsMax}`

interface EventRow {
  event_id: string | null
  type: string
  page: string | null
  occurred_at: Date
}

/** The deliveries that the counts are made from: a visitor who is exported for years must not slow the page down. */
const deliveriesMax = 1_000

const exportsSql = `
  with newest as (
    select *
    from deliveries
    where visitor_id = $1
      and site_id = $2
    order by id desc
    limit ${deliveriesMax}
  ), last as (
    select distinct on (webhook_type, receiver_host, destination_id) *
    from newest
    order by
      webhook_type,
      receiver_host,
      destination_id,
      id desc
  )
  select
    l.webhook_type,
    l.receiver_host,
    l.destination_id,
    t.name as destination_name,
    c.deliveries,
    c.delivered,
    c.last_delivered_at,
    l.id as last_delivery_id,
    l.state as last_status,
    l.created_at as last_created_at
  from last l
  left join destinations t on t.id = l.destination_id
  cross join lateral (
    select
      count(*)::int as deliveries,
      (count(*) filter (where n.state = 'delivered'))::int as delivered,
      max(n.delivered_at) as last_delivered_at
    from newest n
    where n.webhook_type = l.webhook_type
      and n.receiver_host = l.receiver_host
      and n.destination_id is not distinct from l.destination_id
  ) c
  order by l.id desc
  limit 100`

interface ExportRow {
  webhook_type: WebhookType
  receiver_host: string
  destination_id: string | null
  destination_name: string | null
  deliveries: number
  delivered: number
  last_delivered_at: Date | null
  last_delivery_id: string
  last_status: DeliveryState
  last_created_at: Date
}

/** A visitor with the newest sessions and events, and with what was exported where; null when there is none. */
export async function readVisitor(
  { pool }: Pick<Database, 'pool'>,
  { siteId, ghostVid }: { siteId: number; ghostVid: string },
): Promise<VisitorView | null> {
  const { rows } = await pool.query<VisitorSqlRow>(visitorSql, [siteId, ghostVid])
  const row = rows[0]
  if (!row) return null
  const sessions = await pool.query<SessionRow>(sessionsSql, [row.id])
  const events = await pool.query<EventRow>(eventsSql, [row.id])
  const exports = await pool.query<ExportRow>(exportsSql, [row.id, siteId])
  return {
    ...summaryOf(row),
    sessions: sessions.rows.map((one) => ({
      ...one,
      started_at: one.started_at.toISOString(),
      ended_at: one.ended_at?.toISOString() ?? null,
    })),
    events: events.rows.map((one) => ({ ...one, occurred_at: one.occurred_at.toISOString() })),
    exports: exports.rows.map((one) => ({
      ...one,
      last_delivered_at: one.last_delivered_at?.toISOString() ?? null,
      last_created_at: one.last_created_at.toISOString(),
    })),
  }
}
