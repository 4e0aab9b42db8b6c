import { randomUUID } from 'node:crypto'
import { durationBucketOf, emptyDurationCounts } from '@ghostpost/delivery/stats'
import {
  addTallies,
  noteReceiverHolds,
  readBacklog,
  readBacklogOfSites,
  readDatabaseMetrics,
  readDestinationStats,
  readPaces,
  readPacesOfSites,
  readStats,
  sampleLanes,
  type AttemptTally,
} from '@ghostpost/infrastructure/database/stats'
import { countDeliveries, listDeliveries } from '@ghostpost/infrastructure/database/log'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saveNewDelivery } from '../attempts/delivery-fixtures.ts'

let database: TestDatabase
let userId: string
let destinationId: string

const minute = 60_000
const hour = 60 * minute
const now = new Date('2026-11-23T14:32:10Z')

beforeAll(async () => {
  database = await createTestDatabase()
  userId = (await createUser(database, [4])).id
  destinationId = randomUUID()
  await database.prisma.destination.create({
    data: {
      id: destinationId,
      siteId: 4,
      name: 'CRM',
      webhookType: 'custom',
      receiverHost: 'example.com',
      sealed: Buffer.alloc(1),
      createdBy: userId,
    },
  })
})

beforeEach(async () => {
  await database.prisma.deliveryStats.deleteMany()
  await database.prisma.laneStats.deleteMany()
  await database.pool.query('delete from site_lane_stats')
  await database.prisma.delivery.deleteMany()
})

afterAll(() => database.drop())

function tally(changes: Partial<AttemptTally> & { took?: number } = {}): AttemptTally {
  const { took = 100, ...rest } = changes
  const { delivered = 1, retried = 0, failed = 0 } = rest
  const durations = emptyDurationCounts()
  durations[durationBucketOf(took)] = delivered + retried + failed
  const at = Math.floor(now.getTime() / minute) * minute
  return {
    siteId: 4,
    destinationId: null,
    lane: 'live',
    minute: at,
    delivered,
    retried,
    failed,
    durations,
    ...rest,
  }
}

const ago = (milliseconds: number): number => Math.floor((now.getTime() - milliseconds) / minute) * minute
const site = { siteId: 4, destinationId: null, range: '1h' } as const

describe('the counts of workers', () => {
  test('add up, from any number of workers and writes', async () => {
    await addTallies(database, [tally(), tally({ lane: 'retry' })])
    await Promise.all(
      Array.from({ length: 8 }, () => addTallies(database, [tally({ failed: 1, delivered: 2 })])),
    )
    const { total } = await readStats(database, site, now)
    expect(total).toMatchObject({ delivered: 18, failed: 8, retried: 0 })
    expect(total.success).toBeCloseTo(18 / 26)
    expect(total.p95_ms).toBeGreaterThan(80)
    expect(total.p95_ms).toBeLessThan(120)
  })

  test('are in the bucket of their time, and the buckets have no gap', async () => {
    await addTallies(database, [tally(), tally({ minute: ago(10 * minute), retried: 3, delivered: 0 })])
    const { buckets, bucket_seconds: width } = await readStats(database, site, now)
    expect(width).toBe(60)
    expect(buckets).toHaveLength(60)
    expect(buckets.at(-1)).toMatchObject({ at: '2026-11-23T14:32:00.000Z', delivered: 1 })
    expect(buckets.at(-11)).toMatchObject({ at: '2026-11-23T14:22:00.000Z', retried: 3 })
    expect(buckets.at(-2)).toMatchObject({ delivered: 0, success: null, p50_ms: null })
  })

  test.each([
    ['24h', 96, 25 * hour],
    ['7d', 84, 8 * 24 * hour],
    ['30d', 120, 31 * 24 * hour],
  ] as const)(
    'over %s have %d buckets, and a separate total of the period before',
    async (range, count, before) => {
      await addTallies(database, [
        tally({ delivered: 5 }),
        tally({ minute: ago(before), failed: 2, delivered: 0 }),
      ])
      const stats = await readStats(database, { ...site, range }, now)
      expect(stats.buckets).toHaveLength(count)
      expect(stats.total).toMatchObject({ delivered: 5, failed: 0 })
      expect(stats.before).toMatchObject({ delivered: 0, failed: 2 })
    },
  )

  test('of another site or another destination are not included', async () => {
    await addTallies(database, [tally({ siteId: 7 }), tally({ destinationId }), tally()])
    expect((await readStats(database, site, now)).total.delivered).toBe(2)
    expect((await readStats(database, { ...site, destinationId }, now)).total.delivered).toBe(1)
  })

  test('are all written, or none of them', async () => {
    const broken = tally({ lane: null as unknown as 'live' })
    await expect(addTallies(database, [tally(), broken])).rejects.toThrow('null value in column')
    expect((await readStats(database, site, now)).total.delivered).toBe(0)
  })
})

test('a saved destination has 24 hours, its waiting deliveries and its last success', async () => {
  await addTallies(database, [
    tally({ destinationId, minute: ago(3 * hour), delivered: 7 }),
    tally({ destinationId, failed: 2, delivered: 0 }),
  ])
  await saveNewDelivery(database, userId, { destinationId, receiverUrl: null })
  const [stats] = await readDestinationStats(database, 4, now)
  expect(stats).toMatchObject({
    destination_id: destinationId,
    delivered: 7,
    failed: 2,
    waiting: 1,
    last_delivered_at: '2026-11-23T11:32:00.000Z',
  })
  expect(stats?.hours.map(({ delivered, failed }) => delivered + failed)).toEqual([
    ...Array.from({ length: 20 }, () => 0),
    7,
    0,
    0,
    2,
  ])
})

describe('a lane', () => {
  const recently = (minutes: number): Date =>
    new Date(Math.floor(Date.now() / minute) * minute - minutes * minute)

  test('has a pace, and the number of deliveries that were due before', async () => {
    await database.prisma.laneStats.createMany({
      data: [4, 3, 2].map((minutes) => ({
        lane: 'bulk',
        at: recently(minutes),
        attempts: 40,
        due: minutes * 100,
      })),
    })
    const pace = (await readPaces(database)).get('bulk')
    expect(pace?.perMinute).toBeGreaterThanOrEqual(120 / 5)
    expect(pace?.perMinute).toBeLessThanOrEqual(120 / 4)
    expect(pace?.before?.due).toBe(400)
    expect(pace?.before?.minutesAgo).toBeGreaterThanOrEqual(4)
  })

  test('has a pace for each selection of sites', async () => {
    const [own, other] = [4, 7].map((siteId) =>
      tally({ siteId, lane: 'bulk', minute: Date.now(), delivered: 30 }),
    )
    await addTallies(
      database,
      [own, other, own, tally({ minute: Date.now(), delivered: 9 })].flatMap((one) => one ?? []),
    )
    const paceOf = async (sites: number[]): Promise<number | undefined> =>
      (await readPacesOfSites(database, sites)).get('bulk')?.perMinute
    expect(await Promise.all([[4], [7], [4, 7], [5]].map(paceOf))).toEqual([60, 30, 90, undefined])
    expect((await readPaces(database)).get('bulk')?.perMinute).toBe(90)
  })

  test('has a number of due deliveries for each site', async () => {
    await saveNewDelivery(database, userId)
    await sampleLanes(database)
    await database.pool.query(`update site_lane_stats set at = at - interval '2 minutes'`)
    const pace = (await readPacesOfSites(database, [4])).get('live')
    expect(pace?.before).toMatchObject({ due: 1 })
    expect((await readPacesOfSites(database, [7])).size).toBe(0)
  })

  test('has a backlog for each selection of sites', async () => {
    await saveNewDelivery(database, userId)
    await saveNewDelivery(database, userId)
    expect((await readBacklogOfSites(database, [4, 7])).lanes.live.due).toBe(2)
    expect((await readBacklogOfSites(database, [7])).lanes.live).toMatchObject({
      due: 0,
      oldestDueSeconds: null,
    })
    expect((await readBacklogOfSites(database, [])).lanes.live.due).toBe(0)
  })

  test('counts what waits for a receiver that is left alone apart, until when it is tried again', async () => {
    await saveNewDelivery(database, userId)
    await saveNewDelivery(database, userId)
    await database.pool.query(`update deliveries set next_attempt_at = now() - interval '5 minutes'`)
    expect((await readBacklog(database)).lanes.live).toMatchObject({ due: 2, heldByReceiver: 0 })
    const until = new Date(Date.now() + 5 * minute)
    const asked: string[] = []
    const note = async (isHeld: boolean): Promise<void> => {
      await database.pool.query('delete from periodic_turns')
      await noteReceiverHolds(database, async (budget) => {
        asked.push(budget)
        return isHeld ? { reason: 'breaker_open', until } : null
      })
    }
    await note(true)
    expect(asked).toEqual([expect.stringMatching(/^4:host:/)])
    for (const { lanes, heldReceivers } of [
      await readBacklog(database),
      await readBacklogOfSites(database, [4]),
    ]) {
      expect(lanes.live).toMatchObject({ due: 0, heldByReceiver: 2, oldestDueSeconds: null })
      expect(lanes.live.upcoming.map(({ count }) => count)).toEqual([0, 2, 0, 0])
      expect(heldReceivers).toMatchObject([{ siteId: 4, reason: 'breaker_open', until, count: 2 }])
    }
    expect((await readDatabaseMetrics(database)).oldestDueSeconds.live).toBe(0)
    const held = await listDeliveries(database, 4, { wait: 'held' }, { limit: 9, cursor: null })
    expect(held.items.map(({ wait }) => wait)).toEqual(
      [1, 2].map(() => ({ for: 'held', until: until.toISOString() })),
    )
    expect((await countDeliveries(database, 4, { wait: 'due' })).count).toBe(0)
    await note(false)
    expect((await readBacklog(database)).lanes.live).toMatchObject({ due: 2, heldByReceiver: 0 })
    expect((await countDeliveries(database, 4, { wait: 'due', lane: 'live' })).count).toBe(2)
  })

  test('is sampled once a minute, however many workers sample it', async () => {
    await saveNewDelivery(database, userId)
    await sampleLanes(database)
    await database.prisma.delivery.deleteMany()
    await sampleLanes(database)
    const samples = await database.prisma.laneStats.findMany({ where: { lane: 'live' } })
    // One more when the minute ended in between.
    expect(samples.map(({ due }) => due).slice(0, 1)).toEqual([1])
  })
})
