import type { TestDatabase } from '@ghostpost/test-kit'

export interface Filling {
  count: number
  webhookUrl: string
  userId: string
  newId: () => string
}

export interface FilledDelivery {
  deliveryId: string
  visitorId: string
}

/** How long after saving Ghostpost's sweeper looks for a delivery: its default. */
const sweepAfterMs = 15_000

/** Rows as the API writes them, for the visitors of site 4 in turn. */
export async function fillDatabase({ pool }: TestDatabase, filling: Filling): Promise<FilledDelivery[]> {
  const ids = Array.from({ length: filling.count }, filling.newId)
  const { rows } = await pool.query<{ id: string; visitor_id: string }>(
    `with visitors_in_turn as (
       select id, ghost_vid, row_number() over (order by id) - 1 as turn, count(*) over () as turns from visitors where site_id = 4
     )
     insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by, sweep_at)
     select i.id, 4, v.id, v.ghost_vid, 'custom', $2, $3, true, true, $4, now() + $5 * interval '1 ms'
     from unnest($1::uuid[]) with ordinality i(id, number) join visitors_in_turn v on v.turn = i.number % v.turns
     returning id, visitor_id`,
    [ids, filling.webhookUrl, new URL(filling.webhookUrl).host, filling.userId, sweepAfterMs],
  )
  return rows.map((row) => ({ deliveryId: row.id, visitorId: row.visitor_id }))
}

export async function countDelivered({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from deliveries where state = 'delivered'`,
  )
  return Number(rows[0]?.count)
}
