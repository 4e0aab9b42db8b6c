import { randomUUIDv7 } from 'node:crypto'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Received } from '../src/chaos-receiver.ts'
import { countUnacknowledged, waitUntilSettled, tally, type Tally } from '../src/verify.ts'
import type { World } from '../src/world.ts'

/** Tests of the fault suite itself: what it reports for a product that breaks a promise. */

let database: TestDatabase
let userId: string

beforeAll(async () => {
  database = await createTestDatabase()
  userId = (await createUser(database, [4])).id
})

afterAll(() => database.drop())

async function delivery(state: string, unknownAttempts = 0): Promise<string> {
  const id = randomUUIDv7()
  await database.pool.query(
    `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by, state, sweep_at)
     values ($1, 4, 1, 'gv', 'custom', 'https://example.com/', 'example.com', true, true, $2, $3,
       case when $3 in ('delivered', 'failed') then null else now() end)`,
    [id, userId, state],
  )
  for (let number = 1; number <= unknownAttempts; number += 1) {
    await database.pool.query(
      `insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown)
       values ($1, $2, now(), 1, 'interrupted', 'retry', true)`,
      [id, number],
    )
  }
  return id
}

function worldWith(received: Record<string, number>): World {
  const entries = Object.entries(received).map(([id, taken]): [string, Received] => [
    id,
    { acknowledged: taken, requests: taken },
  ])
  return { database: () => database, receiver: { received: new Map(entries) } } as unknown as World
}

function runTally(taken: Record<string, number>): Promise<Tally> {
  return tally(worldWith(taken), { accepted: new Map() }, Object.keys(taken))
}

describe('the fault suite counts', () => {
  test('a delivery that was acknowledged once as delivered', async () => {
    expect(await runTally({ [await delivery('delivered')]: 1 })).toMatchObject({
      accepted: 1,
      delivered: 1,
      lost: 0,
      complaints: [],
    })
  })

  test('an accepted delivery that is not in the database as lost', async () => {
    expect(await runTally({ [randomUUIDv7()]: 0 })).toMatchObject({ lost: 1, delivered: 0 })
  })

  test('a delivery that never settled as lost', async () => {
    expect(await runTally({ [await delivery('retrying')]: 0 })).toMatchObject({ lost: 1 })
  })

  test('a delivered delivery that the receiver never got as lost', async () => {
    expect(await runTally({ [await delivery('delivered')]: 0 })).toMatchObject({ lost: 1 })
  })

  test('a duplicate as silent, and as marked if an attempt has an unknown outcome', async () => {
    expect(await runTally({ [await delivery('delivered')]: 2 })).toMatchObject({ silentDuplicates: 1 })
    expect(await runTally({ [await delivery('delivered', 1)]: 2 })).toMatchObject({
      silentDuplicates: 0,
      markedDuplicates: 1,
    })
  })

  test('a duplicate as silent if there are more of them than attempts with an unknown outcome', async () => {
    expect(await runTally({ [await delivery('delivered', 1)]: 3 })).toMatchObject({ silentDuplicates: 1 })
    expect(await runTally({ [await delivery('delivered', 2)]: 3 })).toMatchObject({ markedDuplicates: 1 })
  })

  test('a delivery whose id no caller received as unacknowledged', async () => {
    await database.pool.query('delete from deliveries')
    const accepted = new Map([[await delivery('delivered'), 1]])
    expect(await countUnacknowledged(worldWith({}), { accepted })).toBe(0)
    await delivery('delivered')
    expect(await countUnacknowledged(worldWith({}), { accepted })).toBe(1)
  })

  test('a dead letter as failed, and reports its id', async () => {
    const id = await delivery('failed')
    const result = await runTally({ [id]: 0 })
    expect(result).toMatchObject({ failed: 1, lost: 0 })
    expect(result.complaints.join()).toContain(id)
  })

  test('a run as unsettled while a delivery is unfinished', async () => {
    await database.pool.query('delete from deliveries')
    await delivery('queued')
    expect(await waitUntilSettled(worldWith({}), new Date(Date.now() + 1_000), 300)).toBe(false)
    await database.pool.query('delete from deliveries')
    expect(await waitUntilSettled(worldWith({}), new Date(Date.now() + 1_000), 300)).toBe(true)
  })
})
