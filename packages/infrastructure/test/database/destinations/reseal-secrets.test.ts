import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto'
import { claimDelivery, saveDelivery } from '@ghostpost/infrastructure/database/attempts'
import { createDestination, resealSecrets } from '@ghostpost/infrastructure/database/destinations'
import { copyDelivery } from '@ghostpost/infrastructure/database/log'
import { openSealer, SealError, type Sealer } from '@ghostpost/infrastructure/secrets'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newDelivery, noSecrets } from '../attempts/delivery-fixtures.ts'

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`
const [oldKey, newKey] = [key('k1'), key('k2')]
const [oldOnly, both, newOnly] = [oldKey, `${newKey} ${oldKey}`, newKey].map(openSealer) as [
  Sealer,
  Sealer,
  Sealer,
]
const secretUrl = 'https://hooks.slack.com/services/T0/B0/secret'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(async () => {
  await database.prisma.delivery.deleteMany()
  await database.prisma.destination.deleteMany()
})

afterAll(() => database.drop())

async function saved(sealer: Sealer, changes: object = {}): Promise<string> {
  const delivery = newDelivery(user.id, {
    receiverUrl: secretUrl,
    receiverHost: 'hooks.slack.com',
    ...changes,
  })
  await saveDelivery(database, sealer, 60_000)(delivery)
  return delivery.id
}

async function destination(sealer: Sealer): Promise<string> {
  const id = randomUUIDv7()
  const secrets = { url: secretUrl, headers: {}, signingSecrets: [] }
  const rest = { retrySchedule: null, concurrency: null, rateLimit: null, createdBy: user.id }
  const made = { id, siteId: 4, name: randomUUID(), webhookType: 'slack', secrets, ...rest } as const
  await createDestination(database, sealer, made, { userId: user.id, requestId: 'r', ip: '::1' })
  return id
}

async function urlOf(id: string, sealer: Sealer): Promise<string | undefined> {
  const result = await claimDelivery(database, sealer, 60_000)(id)
  return result.kind === 'claimed' ? result.claim.target?.url : undefined
}

async function storedText(): Promise<string> {
  const { rows } = await database.pool.query<{ clear: string; sealed: Buffer | null }>(
    'select d::text as clear, receiver_url_sealed as sealed from deliveries d',
  )
  return rows.map(({ clear, sealed }) => clear + (sealed?.toString('latin1') ?? '')).join()
}

describe('the URL of a single export', () => {
  test('is sealed with a key, and opens to the same URL', async () => {
    const id = await saved(newOnly)
    expect(await storedText()).not.toContain('secret')
    expect(await urlOf(id, newOnly)).toBe(secretUrl)
  })

  test('is in the clear without a key', async () => {
    const id = await saved(noSecrets)
    expect(await storedText()).toContain(secretUrl)
    expect(await urlOf(id, noSecrets)).toBe(secretUrl)
  })

  test('is copied sealed', async () => {
    const newId = randomUUIDv7()
    const id = await saved(newOnly)
    const input = { id, newId, judge: () => null, sweepAfterMs: 60_000, idempotency: null, payload: null }
    await copyDelivery(database, input, { userId: user.id, requestId: 'r', ip: '::1' })
    expect(await urlOf(newId, newOnly)).toBe(secretUrl)
  })

  test('opens for no other site', async () => {
    const id = await saved(newOnly)
    await database.pool.query("insert into sites (id, name) values (7, 'other') on conflict do nothing")
    await database.pool.query('update deliveries set site_id = 7 where id = $1', [id])
    await expect(urlOf(id, newOnly)).rejects.toThrow(SealError)
  })

  test('without its key costs no attempt, and the delivery stays due', async () => {
    const id = await saved(oldOnly)
    await expect(urlOf(id, newOnly)).rejects.toThrow('the key k1')
    expect(await database.prisma.delivery.findUnique({ where: { id } })).toMatchObject({
      state: 'queued',
      attempts: 0,
    })
    const { rows } = await database.pool.query<{ later: boolean }>(
      "select sweep_at > now() + interval '30 s' as later from deliveries where id = $1",
      [id],
    )
    // Otherwise it would take the place of other due deliveries in every step of the sweeper.
    expect(rows).toEqual([{ later: true }])
    expect(await urlOf(id, both)).toBe(secretUrl)
  })
})

describe('after a change of keys', () => {
  test('all secrets are sealed again, so that the new key alone opens them', async () => {
    const ids = [await saved(oldOnly), await saved(both), await saved(noSecrets)]
    const at = await destination(oldOnly)
    const toSaved = await saved(both, { receiverUrl: null, destinationId: at })
    expect(await resealSecrets(database, both, both)).toEqual({ destinations: 1, deliveries: 2 })
    expect(await storedText()).not.toContain('secret')
    for (const id of [...ids, toSaved]) expect(await urlOf(id, newOnly)).toBe(secretUrl)
  })

  test('URLs are stored in the clear again when the settings no longer seal them', async () => {
    const ids = [await saved(oldOnly), await saved(both), await saved(noSecrets)]
    expect(await resealSecrets(database, both, noSecrets)).toEqual({ destinations: 0, deliveries: 2 })
    expect((await storedText()).split(secretUrl)).toHaveLength(4)
    for (const id of ids) expect(await urlOf(id, noSecrets)).toBe(secretUrl)
  })

  test('a second run changes nothing', async () => {
    await saved(oldOnly)
    await destination(oldOnly)
    await resealSecrets(database, both, both)
    expect(await resealSecrets(database, both, both)).toEqual({ destinations: 0, deliveries: 0 })
  })

  test('any number of rows is sealed, in batches', async () => {
    await database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by)
       select
         gen_random_uuid(), 4, 1, 'gv_1', 'custom', 'https://example.com/secret-' || n, 'example.com',
         true, true, $1
       from generate_series(1, 1001) n`,
      [user.id],
    )
    expect(await resealSecrets(database, newOnly, newOnly)).toEqual({ destinations: 0, deliveries: 1_001 })
    expect(await storedText()).not.toContain('secret')
  })

  test('resealing fails on a missing key and names it', async () => {
    await destination(oldOnly)
    await expect(resealSecrets(database, newOnly, newOnly)).rejects.toThrow('the key k1')
  })

  test('values that cannot be opened are reported at the end, and all others are sealed', async () => {
    const broken = [await destination(oldOnly), await saved(oldOnly), await saved(both)]
    await database.pool.query('update destinations set sealed = $1', [Buffer.from([1, 0, 9])])
    await database.pool.query('update deliveries set receiver_url_sealed = $1 where id = any($2)', [
      Buffer.from('nonsense'),
      broken,
    ])
    const healthy = [await destination(oldOnly), await saved(oldOnly)]
    const error: unknown = await resealSecrets(database, both, both).catch((failure: unknown) => failure)
    expect(error).toMatchObject({
      name: 'UnreadableSecretsError',
      resealed: { destinations: 1, deliveries: 1 },
      rows: [
        { table: 'destinations', id: broken[0] },
        { table: 'deliveries', id: broken[1] },
        { table: 'deliveries', id: broken[2] },
      ],
    })
    expect(await urlOf(healthy[1] ?? '', newOnly)).toBe(secretUrl)
    expect(String(error)).not.toContain('nonsense')
  })
})
