import { randomUUIDv7 } from 'node:crypto'
import type {
  AttemptRecord,
  Claim,
  HttpResponse,
  InterruptedClaim,
  NewDelivery,
  Verdict,
} from '@ghostpost/delivery/deliver'
import { claimDelivery, saveDelivery } from '@ghostpost/infrastructure/database/attempts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { openSealer } from '@ghostpost/infrastructure/secrets'

/** A sealer without a key, for deliveries to URLs. */
export const noSecrets = openSealer('')

export const documentedVid = 'gv_a1b2c3d4_e5f6g7h8'

/** A delivery of the documented visitor, as the API creates it. */
export function newDelivery(userId: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: randomUUIDv7(),
    siteId: 4,
    ghostVid: documentedVid,
    webhookType: 'custom',
    receiverUrl: 'https://example.com/hooks/secret-path',
    receiverHost: 'example.com',
    receiverScheme: 'https',
    webhookKey: null,
    destinationId: null,
    sample: false,
    includeJourney: true,
    includeEvents: true,
    requestedBy: userId,
    idempotency: null,
    ...changes,
  }
}

export async function saveNewDelivery(
  database: Database,
  userId: string,
  changes: Partial<NewDelivery> = {},
): Promise<NewDelivery> {
  const delivery = newDelivery(userId, changes)
  await saveDelivery(database, noSecrets, 1_000)(delivery)
  return delivery
}

export async function claimSaved(database: Database, deliveryId: string, claimMs = 60_000): Promise<Claim> {
  const result = await claimDelivery(database, noSecrets, claimMs)(deliveryId)
  if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`)
  return result.claim
}

const answered: HttpResponse = {
  kind: 'answered',
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: 'ok',
  bodyBytes: 2,
  bodyEnd: 'complete',
}

const delivered: Verdict = { decision: 'delivered', receipt: null }

const retried: Verdict = {
  decision: 'retry',
  failure: {
    cause: 'receiver_error',
    message: 'The receiver failed.',
    remedy: 'Look there.',
    outcomeUnknown: false,
  },
  retryAfterMs: null,
}

export function deliveredAttempt(): AttemptRecord {
  return {
    outcome: answered,
    startedAt: new Date(),
    durationMs: 12.4,
    payload: null,
    verdict: delivered,
    next: { state: 'delivered' },
  }
}

export function retriedAttempt(delayMs: number): AttemptRecord {
  return {
    outcome: { ...answered, status: 503 },
    startedAt: new Date(),
    durationMs: 12.4,
    payload: null,
    verdict: retried,
    next: { state: 'retrying', delayMs, because: 'schedule' },
  }
}

export function failedAttempt(): AttemptRecord {
  return { ...retriedAttempt(0), next: { state: 'failed' } }
}

/** Makes a delivery's claim expire. */
export async function expireClaim({ pool }: Database, id: string): Promise<void> {
  await pool.query('update deliveries set claim_expires_at = now() where id = $1', [id])
}

/** Claims a delivery, makes the claim expire, and reads it as another worker does. */
export async function interruptClaim(
  database: Database,
  id: string,
): Promise<{ own: Claim; interrupted: InterruptedClaim }> {
  const own = await claimSaved(database, id)
  await expireClaim(database, id)
  const result = await claimDelivery(database, noSecrets, 60_000)(id)
  if (result.kind !== 'interrupted') throw new Error(`not interrupted: ${result.kind}`)
  return { own, interrupted: result.claim }
}

/** What another worker records of an expired claim. */
export function interruptedAttempt(next: AttemptRecord['next'] = { state: 'failed' }): AttemptRecord {
  const failure = { cause: 'interrupted', message: 'It stopped.', remedy: 'Look.', outcomeUnknown: true }
  return {
    outcome: { kind: 'interrupted' },
    startedAt: new Date(),
    durationMs: 0,
    payload: null,
    verdict: { decision: 'give_up', failure, receiverGone: false },
    next,
  }
}

export const retryNow: AttemptRecord['next'] = { state: 'retrying', delayMs: 0, because: 'schedule' }

/** A database that runs the statement of this name, and loses its first reply. */
export function losingReplyOf(database: Database, name: string): Database {
  const { pool } = database
  let isLost = false
  const query = async (statement: { name?: string }, ...rest: unknown[]): Promise<unknown> => {
    const run = pool.query.bind(pool) as (...all: unknown[]) => Promise<unknown>
    const reply = await run(statement, ...rest)
    if (statement.name !== name || isLost) return reply
    isLost = true
    throw new Error('Connection terminated unexpectedly')
  }
  return { ...database, pool: Object.assign(Object.create(pool) as typeof pool, { query }) }
}
