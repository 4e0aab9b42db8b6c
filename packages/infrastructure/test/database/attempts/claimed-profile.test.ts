import type { VisitorProfile } from '@ghostpost/delivery/visitors'
import { storePayload, recordAttempt } from '@ghostpost/infrastructure/database/attempts'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentedVisitor } from '../../../../delivery/test/visitors/visitor-factory.ts'
import { claimSaved, documentedVid, retriedAttempt, saveNewDelivery } from './delivery-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

afterAll(() => database.drop())

async function profileOf(ghostVid: string): Promise<VisitorProfile | null> {
  const { id } = await saveNewDelivery(database, user.id, { ghostVid })
  return (await claimSaved(database, id)).profile
}

test('a claim has the profile of the documented visitor', async () => {
  expect(await profileOf(documentedVid)).toEqual({ ...documentedVisitor(), traits: null })
})

test('a claim has the ten newest sessions and the twenty newest events, newest first', async () => {
  await database.prisma.visitor.create({
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
  const profile = await profileOf('gv_busy')
  expect(profile?.journey.map(({ sessionId }) => sessionId)).toEqual(
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((n) => `gs_${n}`),
  )
  expect(profile?.recentEvents).toHaveLength(20)
  expect(profile?.recentEvents[0]?.type).toBe('e29')
  expect(profile?.journey[0]).toMatchObject({ endedAt: null, entryPage: null, referrer: null })
})

test('a claim has text of every script unchanged', async () => {
  const city = 'Zürich “東京” \u{1F47B} مرحبا <!channel> `x` \\ "'
  const data = { siteId: 4, ghostVid: 'gv_scripts', city, firstSeen: new Date(), lastSeen: new Date() }
  await database.prisma.visitor.create({ data })
  expect((await profileOf('gv_scripts'))?.city).toBe(city)
})

test('a claim has no profile of an erased visitor', async () => {
  const data = { siteId: 4, ghostVid: 'gv_gone', firstSeen: new Date(), lastSeen: new Date() }
  const { id: visitorId } = await database.prisma.visitor.create({ data })
  const { id } = await saveNewDelivery(database, user.id, { ghostVid: 'gv_gone' })
  await database.prisma.visitor.delete({ where: { id: visitorId } })
  expect((await claimSaved(database, id)).profile).toBeNull()
})

test('a claim of a sample has no profile', async () => {
  const { id } = await saveNewDelivery(database, user.id, { sample: true })
  expect(await claimSaved(database, id)).toMatchObject({ sample: true, profile: null })
})

test('a claim with a stored payload has no profile', async () => {
  const { id } = await saveNewDelivery(database, user.id)
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, '{"kept":true}')
  await recordAttempt(database, 1_000)(claim, retriedAttempt(0))
  expect(await claimSaved(database, id)).toMatchObject({ payload: '{"kept":true}', profile: null })
})
