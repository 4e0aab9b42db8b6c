import { randomUUIDv7 } from 'node:crypto'
import { sweepResumed } from '@ghostpost/infrastructure/database/attempts'
import { findDestination, updateDestination } from '@ghostpost/infrastructure/database/destinations'
import { cancelDelivery, copyDelivery, resendDelivery } from '@ghostpost/infrastructure/database/log'
import { pruneStatements } from '@ghostpost/infrastructure/database/upkeep'
import { eraseVisitor } from '@ghostpost/infrastructure/database/visitors'
import { keepBodiesDays } from '../model.ts'
import type { StepResult } from '../steps.ts'
import type { Handlers } from './attempt-handlers.ts'
import { sealer, siteId, vidOf } from './fixture.ts'
import { doneIf, dueResult, sweepAfterMs, type Registry } from './registry.ts'

type ActionKind =
  | 'resend'
  | 're-export'
  | 'cancel'
  | 'erase'
  | 'prune'
  | 'pause destination'
  | 'resume destination'

export function actionHandlers(registry: Registry): Handlers<ActionKind> {
  const { database, actor, destinationId } = registry
  return {
    resend: async ({ delivery }) => {
      const input = { id: registry.deliveryId(delivery), judge: allow, sweepAfterMs, idempotency: null }
      return doneIf((await resendDelivery(database, input, actor)).kind === 'due')
    },
    're-export': ({ delivery }) => reExport(registry, delivery),
    cancel: async ({ delivery }) =>
      doneIf(await cancelDelivery(database, registry.deliveryId(delivery), actor)),
    erase: ({ visitor }) => erase(registry, visitor),
    prune: () => prune(registry),
    'pause destination': async () => {
      await setDestination(registry, 'paused')
      return { kind: 'done' }
    },
    'resume destination': async () => {
      await setDestination(registry, 'enabled')
      return dueResult(registry, await sweepResumed(database, { destinationId }))
    },
  }
}

/** The statements decide alone. */
const allow = (): null => null

async function reExport({ database, actor, ...registry }: Registry, source: number): Promise<StepResult> {
  const id = registry.deliveryId(source)
  const input = { newId: randomUUIDv7(), id, judge: allow, sweepAfterMs, payload: null, idempotency: null }
  const copied = await copyDelivery(database, input, actor)
  if (copied.kind !== 'due') return { kind: 'refused' }
  return { kind: 'saved', delivery: registry.register(copied.due.deliveryId) }
}

async function erase({ database, actor }: Registry, visitor: number): Promise<StepResult> {
  const { deliveries, cancelled, in_flight } = await eraseVisitor(
    database,
    { siteId, ghostVid: vidOf(visitor) },
    actor,
  )
  return { kind: 'erased', deliveries, cancelled, inFlight: in_flight }
}

/** The statements of `pruneExpired` that concern the deliveries of a short history. */
const prunedHere: ReadonlySet<string> = new Set(['payloads', 'idempotency keys'])

async function prune({ database }: Registry): Promise<StepResult> {
  for (const { name, sql, retentionDays } of pruneStatements) {
    if (!prunedHere.has(name)) continue
    const days = retentionDays({ bodies: keepBodiesDays, deliveries: 3_650, audit: 3_650 })
    await database.pool.query(sql, days === null ? [] : [days])
  }
  return { kind: 'done' }
}

async function setDestination(
  { database, user, actor, destinationId }: Registry,
  state: 'paused' | 'enabled',
): Promise<void> {
  const found = await findDestination(database, sealer, user.id, destinationId)
  if (!found) throw new Error('the saved destination is gone')
  await updateDestination(database, sealer, found, { state }, actor)
}
