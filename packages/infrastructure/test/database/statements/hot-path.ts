import { randomUUID } from 'node:crypto'
import { openApiKeys, openSessions } from '@ghostpost/infrastructure/accounts'
import {
  claimDelivery,
  findKeyedDelivery,
  readStoredResponse,
  recordAttempt,
  releaseClaim,
  saveDelivery,
  storePayload,
  storeResponse,
} from '@ghostpost/infrastructure/database/attempts'
import type { Claim, NewDelivery } from '@ghostpost/delivery/deliver'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { storeVisitors } from '@ghostpost/infrastructure/database/visitors'
import { budgetLimits } from '../../../src/budgets/budget-limits.ts'
import {
  deliveredAttempt,
  expireClaim,
  interruptedAttempt,
  newDelivery,
  noSecrets,
  retriedAttempt,
  retryNow,
} from '../attempts/delivery-fixtures.ts'

/** What the statements of the path of a delivery run on. */
export interface HotPathContext {
  userId: string
  sessionToken: string
  apiKey: string
  operationId: string
  destinationId: string
}

/** Runs one kind of statement and counts it under a name. */
export type Measure = <T>(name: string, run: () => Promise<T>) => Promise<T>

/** Deliveries in one batch. */
const batch = 5

/** Runs each statement of the path of a delivery, and of a request, on a few deliveries. */
export async function runHotPath(
  database: Database,
  context: HotPathContext,
  measure: Measure,
  admin: Database,
): Promise<void> {
  await requestStatements(database, context, measure)
  await storeVisitorStatements(database, measure)
  const deliveries = await saveStatements(database, context, measure)
  const claims = await measure('claim', () => claimAll(database, deliveries))
  await measure('store the payload', () =>
    Promise.all(claims.map((claim) => storePayload(database)(claim, '{"a":1}'))),
  )
  await measure('release', () => releaseAll(database, claims))
  await addToOperation(admin, context, deliveries)
  const again = await measure('claim what has a payload', () => claimAll(database, deliveries))
  await measure('record a retry', () => recordAll(database, again, () => retriedAttempt(0)))
  const retried = await claimAll(database, deliveries)
  await Promise.all(deliveries.map(({ id }) => expireClaim(admin, id)))
  await measure('record an interruption', () =>
    recordAll(database, retried, () => interruptedAttempt(retryNow)),
  )
  await measure('correct an interruption', () => recordAll(database, retried, () => retriedAttempt(0)))
  const last = await claimAll(database, deliveries)
  await measure('record the end', () => recordAll(database, last, deliveredAttempt))
}

async function requestStatements(
  database: Database,
  { userId, sessionToken, apiKey, destinationId }: HotPathContext,
  measure: Measure,
): Promise<void> {
  await measure('find the session', () => openSessions(database, 60_000).find(sessionToken))
  await measure('find the API key', () => openApiKeys(database).find(apiKey))
  await measure('find the limits of a receiver', () =>
    budgetLimits(database, { intervalMs: 0, concurrency: 1, breakerFailures: 1 })(`4:saved:${destinationId}`),
  )
  const idempotency = { key: randomUUID(), requestDigest: 'digest' }
  const delivery = newDelivery(userId, { idempotency })
  await measure('save under a key', () => saveDelivery(database, noSecrets, 60_000)(delivery))
  const key = { userId, key: idempotency.key, deliveryId: delivery.id }
  await measure('the response under a key', async () => {
    await findKeyedDelivery(database, userId, idempotency.key)
    await storeResponse(database, key, { status: 200, body: {} })
    await readStoredResponse(database, key)
  })
}

async function storeVisitorStatements(database: Database, measure: Measure): Promise<void> {
  const at = new Date(Date.now() - 60_000).toISOString()
  const rows = Array.from({ length: batch }, () => ({
    ghost_vid: `gv_${randomUUID()}`,
    last_seen: at,
    traits: { plan: 'pro' },
    sessions: [{ session_id: 's', started_at: at }],
    events: [{ event_id: 'e', type: 'pageview', occurred_at: at }],
  }))
  await measure('store visitors', () => storeVisitors(database, 4, rows))
}

async function saveStatements(
  database: Database,
  { userId, destinationId }: HotPathContext,
  measure: Measure,
): Promise<NewDelivery[]> {
  // HubSpot has one record per visitor, so a claim looks for a newer snapshot.
  const target = { destinationId, receiverUrl: null, webhookType: 'hubspot' } as const
  const deliveries = Array.from({ length: batch }, () => newDelivery(userId, target))
  const save = saveDelivery(database, noSecrets, 60_000)
  await measure('save', () => Promise.all(deliveries.map((delivery) => save(delivery))))
  return deliveries
}

async function claimAll(database: Database, deliveries: readonly NewDelivery[]): Promise<Claim[]> {
  // Secrets are not what this is about.
  const sealer = {
    ...noSecrets,
    open: () => ({ url: 'https://example.com/', headers: {}, signingSecrets: [] }),
  }
  const claim = claimDelivery(database, sealer, 60_000)
  const results = await Promise.all(deliveries.map(({ id }) => claim(id)))
  return results.map((result) => {
    if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`)
    return result.claim
  })
}

async function releaseAll(database: Database, claims: readonly Claim[]): Promise<void> {
  const release = releaseClaim(database)
  await Promise.all(claims.map((claim) => release(claim)))
}

async function recordAll(
  database: Database,
  claims: readonly Claim[],
  attempt: () => ReturnType<typeof deliveredAttempt>,
): Promise<void> {
  const record = recordAttempt(database, 60_000)
  const results = await Promise.all(claims.map((claim) => record(claim, attempt())))
  if (results.some(({ kind }) => kind !== 'recorded')) throw new Error('an attempt was not recorded')
}

async function addToOperation(
  { pool }: Database,
  { operationId }: HotPathContext,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const ids = deliveries.map(({ id }) => id)
  await pool.query(
    `insert into operation_items (operation_id, number, delivery_id, ghost_vid, outcome)
     select $1, 1000000 + (select count(*) from operation_items) + row_number() over (), id, 'gv', 'waiting'
     from unnest($2::uuid[]) id`,
    [operationId, ids],
  )
  await pool.query('update deliveries set operation_id = $1 where id = any($2)', [operationId, ids])
}
