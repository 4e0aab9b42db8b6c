import { pruneExpired } from '@ghostpost/infrastructure/database/upkeep'
import type { World } from '../world/world.ts'

const resent = 20
const keep = { bodies: 30, deliveries: 90, audit: 365 }

/** The payloads of these deliveries become older than their retention. */
const ageSql = `
  with chosen as (
    select d.id
    from deliveries d
    join payloads p on p.delivery_id = d.id
    where d.state = 'delivered'
      and d.webhook_type = 'custom'
      and d.series_start = 0
      and d.operation_id is null
    order by d.id desc
    limit ${resent}
  )
  update payloads p
  set built_at = now() - interval '40 days'
  from chosen
  where p.delivery_id = chosen.id
  returning chosen.id`

/**
 * Two processes prune old payloads while a person resends their deliveries. A resend sends the same bytes, or is
 * refused because they are gone.
 */
export async function pruneAgainstResends(world: World): Promise<void> {
  const { rows } = await world.database().pool.query<{ id: string }>(ageSql)
  const { signal } = new AbortController()
  const prune = (): Promise<unknown> => pruneExpired(world.database(), keep, signal)
  const resends = rows.map(({ id }) => resend(world, id))
  await Promise.all([prune(), ...resends, prune()])
}

async function resend(world: World, deliveryId: string): Promise<void> {
  const response = await fetch(`${world.balancer.pick(0)}/api/deliveries/${deliveryId}/resend`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `session=${world.session}` },
    body: '{}',
  })
  await response.arrayBuffer()
  if (response.ok) world.resends.push({ deliveryId, at: performance.now() })
}
