import { randomUUID, randomUUIDv7 } from 'node:crypto'
import {
  advanceSweeps,
  claimDelivery,
  claimIdPrefixOf,
  expireClaims,
  findKeyedDelivery,
  readProfile,
  readStoredResponse,
  recordAttempt,
  releaseClaim,
  postponeSweep,
  saveDelivery,
  storePayload,
  storeResponse,
  sweepDue,
  sweepResumed,
} from '@ghostpost/infrastructure/database/attempts'
import {
  siteOfAlertRule,
  siteOfDelivery,
  siteOfDestination,
  siteOfOperation,
  type Database,
} from '@ghostpost/infrastructure/database/connection'
import {
  cancelDelivery,
  changeFailureGroup,
  copyDelivery,
  countDeliveries,
  findReplayable,
  findWaiting,
  listDeliveries,
  listComing,
  listFailureGroups,
  readDelivery,
  resendDelivery,
  type ReplayInput,
} from '@ghostpost/infrastructure/database/log'
import {
  claimSaved,
  deliveredAttempt,
  failedAttempt,
  interruptedAttempt,
  losingReplyOf,
  newDelivery,
  noSecrets,
  saveNewDelivery,
} from '../attempts/delivery-fixtures.ts'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { StatementContext } from './statement-context.ts'

/** Runs every statement of `database/attempts`, `database/log` and `database/connection` at least once. */
export async function runDeliveryStatements(context: StatementContext): Promise<void> {
  const { database, user, destinationId } = context
  await saveWithIdempotency(database, user.id)
  const finished = await attemptDelivery(database, user.id)
  await interruptAttempt(database, user.id)
  await recordLocked(database, user.id)
  await recordWithLostReply(database, user.id)
  await saveNewDelivery(database, user.id, { destinationId, receiverUrl: null })
  await sweepDue(database, 10, -60_000)
  await postponeSweep(database, [{ deliveryId: finished }], 0)
  await advanceSweeps(database, 0, new AbortController().signal)
  await sweepResumed(database, { destinationId })
  await sweepResumed(database, { operationId: randomUUID() })
  await sweepResumed(database, { siteId: 4, receiverHost: 'example.com', webhookKey: null })
  for (const siteOf of [siteOfAlertRule, siteOfDelivery, siteOfDestination, siteOfOperation])
    await siteOf(database, finished)
  await readLog(context, finished)
  await replay(context, finished)
}

async function saveWithIdempotency(database: Database, userId: string): Promise<void> {
  const idempotency = { key: randomUUID(), requestDigest: 'digest' }
  const delivery = newDelivery(userId, { idempotency })
  const save = saveDelivery(database, noSecrets, 1_000)
  await save(delivery)
  await save({ ...delivery, id: randomUUIDv7() })
  const key = { userId, key: idempotency.key, deliveryId: delivery.id }
  await storeResponse(database, key, { status: 200, body: { id: delivery.id } })
  await readStoredResponse(database, key)
  await findKeyedDelivery(database, userId, idempotency.key)
}

/** Claims a new delivery twice and lets it fail. Returns its id. */
async function attemptDelivery(database: Database, userId: string): Promise<string> {
  const { id } = await saveNewDelivery(database, userId)
  await releaseClaim(database)(await claimSaved(database, id))
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, '{}')
  await claimDelivery(database, noSecrets, 60_000)(id)
  await recordAttempt(database, 1_000)(claim, failedAttempt())
  return id
}

/** Records an attempt as interrupted, and then the late outcome of its worker. */
async function interruptAttempt(database: Database, userId: string): Promise<void> {
  const { id } = await saveNewDelivery(database, userId)
  const workerId = randomUUID()
  await claimDelivery(database, noSecrets, 60_000, { idPrefix: () => claimIdPrefixOf(workerId) })(id)
  const [claim] = await expireClaims(database, workerId, 1)
  await claimDelivery(database, noSecrets, 60_000)(id)
  if (!claim) throw new Error('No claim has expired.')
  await recordAttempt(database, 1_000)(claim, interruptedAttempt())
  await recordAttempt(database, 1_000)(claim, deliveredAttempt())
}

/** Records the attempt of a delivery that another transaction has locked. */
async function recordLocked(database: Database, userId: string): Promise<void> {
  const { id } = await saveNewDelivery(database, userId)
  const claim = await claimSaved(database, id)
  const blocker = await database.pool.connect()
  await blocker.query('begin')
  await blocker.query('select from deliveries where id = $1 for update', [id])
  const errors: unknown[] = []
  const recorded = recordAttempt(database, 1_000, (error) => errors.push(error))(claim, deliveredAttempt())
  await waitUntil('the row was found locked', () => errors.length >= 2)
  await blocker.query('rollback')
  blocker.release()
  await recorded
}

async function recordWithLostReply(database: Database, userId: string): Promise<void> {
  const { id } = await saveNewDelivery(database, userId)
  const claim = await claimSaved(database, id)
  await recordAttempt(losingReplyOf(database, 'record-attempt'), 1_000)(claim, deliveredAttempt())
}

async function readLog(context: StatementContext, deliveryId: string): Promise<void> {
  const { database, user, destinationId, actor } = context
  const page = { limit: 1, cursor: null }
  await listDeliveries(database, 4, {}, page)
  await listDeliveries(database, 4, { webhook_type: 'custom', destination_id: destinationId }, page)
  await listDeliveries(database, 4, { webhook_type: 'slack', text: 'acme' }, { ...page, cursor: deliveryId })
  await listDeliveries(database, 4, { recovered: 'yes' }, page)
  await listComing(database, 4, { wait: 'due' }, page)
  await listDeliveries(database, 4, { identified_user: context.identifiedUser }, page)
  await countDeliveries(database, 4, {})
  await countDeliveries(database, 4, { webhook_type: 'custom', response_status: '5xx' })
  await readDelivery(database, user.id, deliveryId, [1_000])
  await readProfile(database, 4, 'gv_a1b2c3d4_e5f6g7h8')
  await findWaiting(database, deliveryId, [1_000])
  const [group] = await listFailureGroups(database, 4)
  if (!group) throw new Error('No delivery has failed.')
  const change = { state: 'ignored', ignored_until: new Date(Date.now() + 60_000).toISOString() } as const
  await changeFailureGroup(database, 4, group.fingerprint, change, actor)
  await listFailureGroups(database, 4, group.fingerprint)
}

async function replay({ database, user, actor }: StatementContext, deliveryId: string): Promise<void> {
  await findReplayable(database, deliveryId)
  const keyed = (): ReplayInput => ({
    id: deliveryId,
    judge: () => null,
    sweepAfterMs: 1_000,
    idempotency: { key: randomUUID(), requestDigest: 'digest' },
  })
  await copyDelivery(database, { ...keyed(), newId: randomUUIDv7(), payload: '{}' }, actor)
  await copyDelivery(
    database,
    { ...keyed(), judge: () => 'unfinished', newId: randomUUIDv7(), payload: null },
    actor,
  )
  const input = keyed()
  await resendDelivery(database, input, actor)
  await resendDelivery(database, input, actor)
  await cancelDelivery(database, deliveryId, actor)
  const { id } = await saveNewDelivery(database, user.id)
  const claim = await claimSaved(database, id)
  await storePayload(database)(claim, '{}')
  await recordAttempt(database, 1_000)(claim, deliveredAttempt())
}
