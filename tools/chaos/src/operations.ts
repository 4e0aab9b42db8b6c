import type { World } from './world/world.ts'

const membersMax = 30
/** Members a second: the operation lasts longer than most faults begin. */
const rate = 15

const membersSql = `
  select id
  from deliveries
  where state = 'delivered'
    and webhook_type = 'custom'
    and made_from is null
  order by id desc
  limit ${membersMax}`

/** Starts a re-export of the latest delivered deliveries. It runs while the next fault is injected. */
export async function startOperation(world: World): Promise<void> {
  const { rows } = await world.database().pool.query<{ id: string }>(membersSql)
  if (rows.length === 0) return
  const plan = { kind: 're_export', delivery_ids: rows.map(({ id }) => id), rate, canary: false }
  const planned = await post(world, '/api/operations/plan', plan)
  const operationId = (planned as { operation?: { operation_id?: string } } | null)?.operation?.operation_id
  if (operationId !== undefined) await post(world, '/api/operations', { operation_id: operationId })
}

async function post(world: World, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${world.balancer.pick(0)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `session=${world.session}` },
    body: JSON.stringify(body),
  })
  return response.ok ? response.json() : null
}
