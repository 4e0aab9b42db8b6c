import { randomUUIDv7 } from 'node:crypto'
import type {
  ClaimDelivery,
  IdempotencyClaim,
  NewDelivery,
  RecordAttempt,
  ReleaseClaim,
  StorePayload,
} from '@ghostpost/delivery/deliver'
import {
  claimDelivery,
  claimIdPrefixOf,
  expireClaims,
  recordAttempt,
  releaseClaim,
  saveDelivery,
  storePayload,
  sweepDue,
} from '@ghostpost/infrastructure/database/attempts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { bodyOf, requestOf } from '../accept/accept-attempts.ts'
import { claimDays, type Worker } from '../model.ts'
import type { Step, StepResult } from '../steps.ts'
import { attemptRecordOf, interruptedRecordOf } from './attempt-record.ts'
import { destinationUrl, sealer, siteId, vidOf } from './fixture.ts'
import { dayMs, doneIf, dueResult, sweepAfterMs, type Registry } from './registry.ts'

type AttemptKind =
  | 'save'
  | 'claim'
  | 'store payload'
  | 'record'
  | 'release'
  | 'record interruption'
  | 'expire claims'
  | 'sweep'
  | 'pass'

export type Handlers<Kinds extends Step['kind']> = {
  [Kind in Kinds]: (step: Extract<Step, { kind: Kind }>, worker: Worker) => Promise<StepResult>
}

const sweptMax = 100

interface WorkerPorts {
  claim: ClaimDelivery
  store: StorePayload
  record: RecordAttempt
  release: ReleaseClaim
}

function openWorker(database: Database, workerId: string): WorkerPorts {
  const idPrefix = (): string => claimIdPrefixOf(workerId)
  return {
    claim: claimDelivery(database, sealer, claimDays * dayMs, { idPrefix }),
    store: storePayload(database),
    record: recordAttempt(database, sweepAfterMs),
    release: releaseClaim(database),
  }
}

export function attemptHandlers(registry: Registry): Handlers<AttemptKind> {
  const { database } = registry
  const [first, second] = registry.workerIds
  const workers = [openWorker(database, first), openWorker(database, second)] as const
  return {
    save: (step) => save(registry, step),
    claim: ({ delivery, worker }) => claim(registry, workers[worker].claim, delivery),
    'store payload': async (step, worker) => {
      const body = await workers[worker].store(registry.claim(step.claim), bodyOf(step.claim))
      return body === null ? { kind: 'refused' } : { kind: 'stored', body }
    },
    record: async (step, worker) => {
      const held = registry.claim(step.claim)
      const recorded = await workers[worker].record(held, attemptRecordOf(step.end))
      return doneIf(recorded.kind === 'recorded')
    },
    'record interruption': async (step, worker) => {
      const held = registry.claim(step.claim)
      const recorded = await workers[worker].record(held, interruptedRecordOf(step.end))
      return doneIf(recorded.kind === 'recorded')
    },
    'expire claims': async ({ worker }) => {
      const expired = await expireClaims(database, registry.workerIds[worker], sweptMax)
      return { kind: 'interrupted', claims: expired.map(registry.claimIndex) }
    },
    release: async (step, worker) => doneIf(await workers[worker].release(registry.claim(step.claim))),
    sweep: async () => dueResult(registry, await sweepDue(database, sweptMax, sweepAfterMs)),
    pass: ({ days }) => pass(database, days),
  }
}

async function save(
  { database, user, destinationId, register }: Registry,
  step: Extract<Step, { kind: 'save' }>,
): Promise<StepResult> {
  const idempotency = step.key === null ? null : { key: step.key, requestDigest: requestOf(step) }
  const delivery = newDelivery(step, user.id, destinationId, idempotency)
  const saved = await saveDelivery(database, sealer, sweepAfterMs)(delivery)
  if (saved.kind === 'saved') return { kind: 'saved', delivery: register(saved.due.deliveryId) }
  if (saved.kind === 'already_saved') return { kind: 'already saved', delivery: register(saved.deliveryId) }
  return { kind: saved.kind === 'idempotency_conflict' ? 'conflict' : 'no visitor' }
}

function newDelivery(
  { visitor, toSavedDestination }: Extract<Step, { kind: 'save' }>,
  requestedBy: string,
  destinationId: string,
  idempotency: IdempotencyClaim | null,
): NewDelivery {
  return {
    id: randomUUIDv7(),
    siteId,
    ghostVid: vidOf(visitor),
    webhookType: 'custom',
    receiverUrl: toSavedDestination ? null : destinationUrl,
    receiverHost: 'example.com',
    receiverScheme: 'https',
    webhookKey: null,
    destinationId: toSavedDestination ? destinationId : null,
    sample: false,
    includeJourney: true,
    includeEvents: true,
    requestedBy,
    idempotency,
  }
}

async function claim(registry: Registry, port: ClaimDelivery, delivery: number): Promise<StepResult> {
  const claimed = await port(registry.deliveryId(delivery))
  if (claimed.kind === 'interrupted') {
    return { kind: 'interrupted', claims: [registry.claimIndex(claimed.claim)] }
  }
  if (claimed.kind !== 'claimed') return { kind: claimed.kind === 'wait' ? 'wait' : 'nothing to do' }
  registry.registerClaim(claimed.claim)
  const { attemptNumber, mayBeRepeat, payload } = claimed.claim
  return { kind: 'claimed', attemptNumber, mayBeRepeat, payload }
}

/** Lets time pass: every stored time becomes older. */
async function pass({ pool }: Database, days: number): Promise<StepResult> {
  const earlier = (...columns: string[]): string =>
    columns.map((column) => `${column} = ${column} - interval '${days} days'`).join(', ')
  await pool.query(`
    update deliveries set ${earlier('next_attempt_at', 'sweep_at', 'claim_expires_at', 'finished_at')};
    update payloads set ${earlier('built_at')};
    update idempotency_keys set ${earlier('created_at')};
    update operations set ${earlier('watermark', 'created_at')}`)
  return { kind: 'done' }
}
