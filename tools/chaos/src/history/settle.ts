import { setTimeout as pause } from 'node:timers/promises'
import type { World } from '../world/world.ts'

const pollMs = 100

/**
 * Waits until all deliveries created before `until` are settled and all operations have ended; false after
 * `timeoutMs`.
 */
export async function waitUntilSettled(
  world: Pick<World, 'database'>,
  until: Date,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if ((await countUnsettled(world, until)) === 0) return true
    await pause(pollMs)
  }
  return false
}

async function countUnsettled(world: Pick<World, 'database'>, until: Date): Promise<number> {
  const { rows } = await world.database().pool.query<{ open: number }>(
    `select
         (select count(*) from deliveries where sweep_at is not null and created_at <= $1)::int
         + (select count(*) from operations where state in ('running', 'paused'))::int as open`,
    [until],
  )
  return rows[0]?.open ?? 0
}

/** The API's explanation of why the oldest unsettled delivery waits. */
export async function explainOldestUnsettled(world: World): Promise<string> {
  const { rows } = await world.database().pool.query<{ id: string; facts: string }>(
    `select id, concat_ws(' ', webhook_type, receiver_host, state, attempts) as facts
       from deliveries
       where sweep_at is not null
       order by id
       limit 1`,
  )
  const [oldest] = rows
  if (!oldest) return 'nothing is open any more'
  const { id, facts } = oldest
  const headers = { cookie: `session=${world.session}` }
  const response = await fetch(`${world.balancer.pick(0)}/api/deliveries/${id}/explain`, { headers })
  return `the oldest that is open: ${facts}: ${await response.text()}`
}
