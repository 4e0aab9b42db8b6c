import { randomUUIDv7 } from 'node:crypto'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordMoves } from '../src/history/record-moves.ts'
import { waitUntilSettled } from '../src/history/settle.ts'

/** Tests of the fault suite itself, on a database. */

let database: TestDatabase
let userId: string

beforeAll(async () => {
  database = await createTestDatabase()
  userId = (await createUser(database, [4])).id
  await recordMoves(database)
})

afterAll(() => database.drop())

async function queuedDelivery(): Promise<string> {
  const id = randomUUIDv7()
  await database.pool.query(
    `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
       include_journey, include_events, requested_by)
     values ($1, 4, 1, 'gv', 'custom', 'https://example.com/', 'example.com', true, true, $2)`,
    [id, userId],
  )
  return id
}

const isSettled = (): Promise<boolean> =>
  waitUntilSettled({ database: () => database }, new Date(Date.now() + 1_000), 300)

test('a run is unsettled while a delivery is unfinished', async () => {
  await queuedDelivery()
  expect(await isSettled()).toBe(false)
  await database.pool.query('delete from deliveries')
  expect(await isSettled()).toBe(true)
})

test('the database records each move of a delivery, and a takeover as a move', async () => {
  const id = await queuedDelivery()
  const update = (changes: string): Promise<unknown> =>
    database.pool.query(`update deliveries set ${changes} where id = $1`, [id])
  await update(`state = 'delivering', claim_id = gen_random_uuid()`)
  await update('claim_id = gen_random_uuid()')
  await update('attempts = 1')
  await update(`state = 'delivered', claim_id = null`)
  const { rows } = await database.pool.query<{ move: string }>(
    `select concat_ws(' ', from_state, to_state) as move from chaos_moves where delivery_id = $1 order by number`,
    [id],
  )
  expect(rows.map(({ move }) => move)).toEqual([
    'queued',
    'queued delivering',
    'delivering delivering',
    'delivering delivered',
  ])
})
