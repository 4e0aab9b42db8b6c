import { findVisitor, readVisitorProfile } from '@ghostpost/infrastructure'
import { createTestDatabase, createUser, type TestDatabase, type TestUser } from '@ghostpost/test-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentedVid } from './given-delivery.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

afterAll(() => database.drop())

async function idOf(ghostVid: string): Promise<bigint> {
  const found = await findVisitor(database)({ userId: user.id, siteId: 4, ghostVid })
  if (found.kind !== 'found') throw new Error(found.kind)
  return found.visitorId
}

test('reads the documented visitor as documented', async () => {
  expect(await readVisitorProfile(database)(await idOf(documentedVid))).toEqual({
    ghostVid: documentedVid,
    score: 65,
    identifiedUserId: 'jane@example.com',
    name: null,
    company: null,
    country: 'United States',
    city: 'Austin',
    deviceType: 'desktop',
    browser: 'Chrome',
    totalSessions: 3,
    totalPageviews: 11,
    totalTimeSeconds: 421,
    firstSeen: new Date('2026-03-02T09:12:11.000Z'),
    lastSeen: new Date('2026-03-10T17:14:22.000Z'),
    journey: [
      {
        sessionId: 'gs_123',
        startedAt: new Date('2026-03-10T17:09:10.000Z'),
        endedAt: new Date('2026-03-10T17:14:22.000Z'),
        pageviewCount: 5,
        entryPage: '/',
        exitPage: '/pricing',
        referrer: 'https://google.com',
      },
    ],
    recentEvents: [{ type: 'pageview', page: '/pricing', timestamp: new Date('2026-03-10T17:14:22.000Z') }],
  })
})

test('reads the ten newest sessions and the twenty newest events, newest first', async () => {
  const visitor = await database.prisma.visitor.create({
    data: {
      siteId: 4,
      ghostVid: 'gv_busy',
      firstSeen: new Date(0),
      lastSeen: new Date(),
      sessions: {
        create: Array.from({ length: 14 }, (_, n) => ({
          sessionId: `gs_${n}`,
          startedAt: new Date(n * 60_000),
        })),
      },
      events: {
        create: Array.from({ length: 30 }, (_, n) => ({ type: `e${n}`, occurredAt: new Date(n * 1_000) })),
      },
    },
  })
  const profile = await readVisitorProfile(database)(visitor.id)
  expect(profile?.journey.map(({ sessionId }) => sessionId)).toEqual(
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((n) => `gs_${n}`),
  )
  expect(profile?.recentEvents).toHaveLength(20)
  expect(profile?.recentEvents[0]?.type).toBe('e29')
  expect(profile?.journey[0]).toMatchObject({ endedAt: null, entryPage: null, referrer: null })
})

test('reads text of every script unchanged', async () => {
  const city = 'Zürich “東京” \u{1F47B} مرحبا <!channel> `x` \\ "'
  const data = { siteId: 4, ghostVid: 'gv_scripts', city, firstSeen: new Date(), lastSeen: new Date() }
  const visitor = await database.prisma.visitor.create({ data })
  expect((await readVisitorProfile(database)(visitor.id))?.city).toBe(city)
})

test('says nothing of a visitor that is gone', async () => {
  expect(await readVisitorProfile(database)(9_999_999n)).toBeNull()
})

test('finds no visitor of a site the user cannot reach, as if there were no such site', async () => {
  const find = findVisitor(database)
  expect(await find({ userId: user.id, siteId: 7, ghostVid: documentedVid })).toEqual({
    kind: 'site_not_found',
  })
  expect(await find({ userId: user.id, siteId: 999, ghostVid: documentedVid })).toEqual({
    kind: 'site_not_found',
  })
  expect(await find({ userId: user.id, siteId: 4, ghostVid: 'gv_nobody' })).toEqual({
    kind: 'visitor_not_found',
  })
})
