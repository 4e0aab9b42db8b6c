import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { resendRefusal, reExportRefusal } from '@ghostpost/delivery/operations'
import { recordAttempt, storePayload } from '@ghostpost/infrastructure/database/attempts'
import { copyDelivery, resendDelivery, type ReplayResult } from '@ghostpost/infrastructure/database/log'
import { pruneExpired, pruneStatements } from '@ghostpost/infrastructure/database/upkeep'
import { eraseVisitor } from '@ghostpost/infrastructure/database/visitors'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  failedAttempt,
  saveNewDelivery,
} from '../attempts/delivery-fixtures.ts'

/** Statements that check one row and change another, while others change the first. */

let database: TestDatabase
let user: TestUser
const retention = { bodies: 30, deliveries: 90, audit: 365 }
const { signal: neverAborted } = new AbortController()

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(() => database.prisma.delivery.deleteMany())

afterAll(() => database.drop())

const actor = (): { userId: string; requestId: string; ip: string } => ({
  userId: user.id,
  requestId: randomUUID(),
  ip: '127.0.0.1',
})

/** A finished delivery whose payload is old enough to be deleted. */
async function oldDelivery(ghostVid?: string): Promise<string> {
  const { id } = await saveNewDelivery(database, user.id, ghostVid === undefined ? {} : { ghostVid })
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, `the stored bytes of ${id}`)
  await recordAttempt(database, 1_000)(claim, failedAttempt())
  await database.pool.query(
    `update payloads set built_at = now() - interval '40 days' where delivery_id = $1`,
    [id],
  )
  return id
}

function resend(id: string): Promise<ReplayResult> {
  const judge: Parameters<typeof resendDelivery>[1]['judge'] = (delivery) =>
    resendRefusal(delivery, { by: 'person', isDuplicateConfirmed: false })
  return resendDelivery(database, { id, judge, sweepAfterMs: 1_000, idempotency: null }, actor())
}

function reExport(id: string): Promise<ReplayResult> {
  const judge: Parameters<typeof copyDelivery>[1]['judge'] = (delivery) =>
    reExportRefusal(delivery, { by: 'person', isDuplicateConfirmed: false })
  const input = { id, newId: randomUUIDv7(), judge, sweepAfterMs: 1_000, idempotency: null, payload: null }
  return copyDelivery(database, input, actor())
}

const payloadOf = async (id: string): Promise<string | undefined> =>
  (await database.prisma.payload.findUnique({ where: { deliveryId: id } }))?.body

async function outcomeOf(id: string, result: ReplayResult | undefined): Promise<string> {
  if (result?.kind === 'refused') return result.refusal
  if (result?.kind !== 'due') return result?.kind ?? 'none'
  return (await payloadOf(id)) === `the stored bytes of ${id}` ? 'stored bytes' : 'other bytes'
}

/** Runs the first statements in one transaction, then `meanwhile`, and commits once that waits for a lock. */
async function holding(
  statements: (client: PoolClient) => Promise<unknown>,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const client = await database.pool.connect()
  let running: Promise<unknown> | undefined
  try {
    await client.query('begin')
    await statements(client)
    running = meanwhile()
    let isDone = false
    const done = running.finally(() => (isDone = true)).catch(() => {})
    await waitUntil('it waits for a lock, or need not', async () => isDone || (await isAnyWaiting()))
    await client.query('commit')
    await done
  } finally {
    client.release()
  }
  await running
}

async function isAnyWaiting(): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rowCount !== 0
}

const prunePayloadsSql = pruneStatements.find(({ name }) => name === 'payloads')?.sql ?? ''

describe('a resend of a delivery whose payload is being deleted', () => {
  test('is refused with payload_gone', async () => {
    const id = await oldDelivery()
    let result: ReplayResult | undefined
    await holding(
      (client) => client.query(prunePayloadsSql, [retention.bodies]),
      async () => (result = await resend(id)),
    )
    expect(result).toMatchObject({ kind: 'refused', refusal: 'payload_gone', state: 'failed' })
    expect(await payloadOf(id)).toBeUndefined()
  })

  test('is due with the stored bytes or refused, and nothing else, in hundreds of races of two pruners', async () => {
    const outcomes: string[] = []
    for (let round = 0; round < 40; round += 1) {
      const ids = await Promise.all(Array.from({ length: 8 }, () => oldDelivery()))
      const prune = (): Promise<unknown> => pruneExpired(database, retention, neverAborted)
      const [results] = await Promise.all([Promise.all(ids.map(resend)), prune(), prune()])
      outcomes.push(...(await Promise.all(ids.map((id, index) => outcomeOf(id, results[index])))))
      await database.prisma.delivery.deleteMany()
    }
    expect(outcomes).toHaveLength(320)
    expect(outcomes.filter((one) => one !== 'stored bytes' && one !== 'payload_gone')).toEqual([])
  })
})

test('a delivery that is being resent keeps its payload', async () => {
  const id = await oldDelivery()
  await holding(
    (client) =>
      client.query(
        `update deliveries set state = 'queued', next_attempt_at = now(), finished_at = null where id = $1`,
        [id],
      ),
    () => database.pool.query(prunePayloadsSql, [retention.bodies]),
  )
  expect(await payloadOf(id)).toBe(`the stored bytes of ${id}`)
})

test('a delivery that has just arrived is not sent again without a confirmation', async () => {
  const id = await oldDelivery()
  await resend(id)
  const claim = await claimSaved(database, id)
  const results = await Promise.all([
    recordAttempt(database, 1_000)(claim, deliveredAttempt()),
    ...Array.from({ length: 8 }, () => resend(id)),
  ])
  const kinds = results.slice(1).map((result) => (result.kind === 'refused' ? result.refusal : result.kind))
  expect(kinds.filter((kind) => kind !== 'unfinished' && kind !== 'confirmation_needed')).toEqual([])
})

describe('an erasure', () => {
  let made = 0

  async function newVisitor(): Promise<string> {
    made += 1
    const ghostVid = `gv_raced_${made}`
    await database.pool.query(
      `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, $1, now(), now())`,
      [ghostVid],
    )
    return ghostVid
  }

  const erase = (ghostVid: string): Promise<unknown> =>
    eraseVisitor(database, { siteId: 4, ghostVid }, actor())

  /** Deliveries that still name the visitor, and payloads of erased deliveries. */
  async function leftOf(ghostVid: string): Promise<unknown[]> {
    const { rows } = await database.pool.query(
      `select d.id
       from deliveries d
       left join payloads p on p.delivery_id = d.id
       where d.ghost_vid = $1 or (d.erased_at is not null and p.delivery_id is not null)`,
      [ghostVid],
    )
    return rows
  }

  test('leaves nothing of exports, re-exports and payloads that are stored at the same time', async () => {
    for (let round = 0; round < 40; round += 1) {
      const ghostVid = await newVisitor()
      const source = await oldDelivery(ghostVid)
      const claimed = await saveNewDelivery(database, user.id, { ghostVid })
      const claim = await claimSaved(database, claimed.id)
      await Promise.all([
        saveNewDelivery(database, user.id, { ghostVid }),
        reExport(source),
        erase(ghostVid),
        storePayload(database)(claim, 'personal data'),
        saveNewDelivery(database, user.id, { ghostVid }),
        reExport(source),
      ])
      expect(await leftOf(ghostVid)).toEqual([])
    }
  })

  test('waits for an export that is being saved', async () => {
    const ghostVid = await newVisitor()
    await holding(
      (client) => client.query('select from visitors where ghost_vid = $1 for key share', [ghostVid]),
      () => erase(ghostVid),
    )
    expect(await leftOf(ghostVid)).toEqual([])
  })

  test('does not delay the exports of other visitors, and its own visitor is not found', async () => {
    const ghostVid = await newVisitor()
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query('delete from visitors where ghost_vid = $1', [ghostVid])
    const [gone, other] = await Promise.all([
      saveNewDelivery(database, user.id, { ghostVid }),
      saveNewDelivery(database, user.id),
    ])
    await client.query('commit')
    client.release()
    expect(await database.prisma.delivery.count({ where: { id: { in: [gone.id, other.id] } } })).toBe(1)
  })
})
