import { setTimeout as pause } from 'node:timers/promises'
import type { Load } from './load.ts'
import type { World } from './world.ts'

/** States of the deliveries that a part of the run acknowledged. */
export interface Tally {
  accepted: number
  delivered: number
  /** Dead letters; each has its cause. */
  failed: number
  /** Acknowledged and neither settled nor stored; must be 0. */
  lost: number
  /** Delivered more than once, with an attempt whose outcome is recorded as unknown. */
  markedDuplicates: number
  /** Delivered more than once without such an attempt; must be 0. */
  silentDuplicates: number
  /** Describes the first few problems. */
  complaints: readonly string[]
}

interface DeliveryRow {
  id: string
  state: string
  unknown: number
}

const complaintsMax = 10
const pollMs = 100

/** Waits until all deliveries created before `until` are settled; false after `timeoutMs`. */
export async function waitUntilSettled(world: World, until: Date, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if ((await countUnsettled(world, until)) === 0) return true
    await pause(pollMs)
  }
  return false
}

async function countUnsettled(world: World, until: Date): Promise<number> {
  const { rows } = await world
    .database()
    .pool.query<{ open: number }>(
      'select count(*)::int as open from deliveries where sweep_at is not null and created_at <= $1',
      [until],
    )
  return rows[0]?.open ?? 0
}

/** The API's explanation of why the oldest unsettled delivery waits. */
export async function explainOldestUnsettled(world: World): Promise<string> {
  const { rows } = await world
    .database()
    .pool.query<{ id: string }>('select id from deliveries where sweep_at is not null order by id limit 1')
  const id = rows[0]?.id
  if (id === undefined) return 'nothing is open any more'
  const headers = { cookie: `session=${world.session}` }
  const response = await fetch(`${world.balancer.pick(0)}/api/deliveries/${id}/explain`, { headers })
  return `the oldest that is open: ${await response.text()}`
}

/** Compares the acknowledged deliveries with the database and with the receiver's record. */
export async function tally(
  world: World,
  load: Pick<Load, 'accepted'>,
  ids: readonly string[],
): Promise<Tally> {
  const rows = await readRows(world, ids)
  const complaints: string[] = []
  const addComplaint = (text: string): void =>
    void (complaints.length < complaintsMax && complaints.push(text))
  const sum = {
    accepted: ids.length,
    delivered: 0,
    failed: 0,
    lost: 0,
    markedDuplicates: 0,
    silentDuplicates: 0,
  }
  for (const id of ids) {
    const row = rows.get(id)
    const acknowledged = world.receiver.received.get(id)?.acknowledged ?? 0
    const name = `delivery ${id} (request ${load.accepted.get(id)})`
    if (!row || (row.state !== 'delivered' && row.state !== 'failed')) {
      sum.lost += 1
      addComplaint(`${name} was acknowledged and is ${row?.state ?? 'not in the database'}`)
      continue
    }
    sum[row.state] += 1
    if (row.state === 'delivered' && acknowledged === 0) {
      sum.lost += 1
      addComplaint(`${name} is called delivered, and the receiver never took it`)
    }
    if (row.state === 'failed') addComplaint(`${name} was given up`)
    if (acknowledged <= 1) continue
    // Each repeat needs an attempt that records the unknown outcome.
    if (row.unknown >= acknowledged - 1) sum.markedDuplicates += 1
    else {
      sum.silentDuplicates += 1
      addComplaint(
        `${name} was taken ${acknowledged} times, and ${row.unknown} attempts say that their outcome was unknown`,
      )
    }
  }
  return { ...sum, complaints }
}

/**
 * Counts deliveries that no response acknowledged. When every call has a response, such a delivery belongs to a
 * repeated key that the API did not recognise.
 */
export async function countUnacknowledged(
  world: World,
  { accepted }: Pick<Load, 'accepted'>,
): Promise<number> {
  const { rows } = await world
    .database()
    .pool.query<{ stored: number }>('select count(*)::int as stored from deliveries')
  return Math.max((rows[0]?.stored ?? 0) - accepted.size, 0)
}

async function readRows(world: World, ids: readonly string[]): Promise<Map<string, DeliveryRow>> {
  const { rows } = await world.database().pool.query<DeliveryRow>(
    `select d.id, d.state, count(a.number) filter (where a.outcome_unknown)::int as unknown
     from deliveries d left join attempts a on a.delivery_id = d.id where d.id = any($1::uuid[]) group by d.id`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}
