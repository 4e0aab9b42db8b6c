import {
  dueDeliveryOf,
  type HttpResponse,
  type AttemptPorts,
  type AttemptRecord,
  type Claim,
  type ClaimResult,
  type DueDelivery,
  type InterruptedClaim,
  type OutboundRequest,
  type Outcome,
} from '@ghostpost/delivery/deliver'
import { documentedVisitor } from '../visitors/visitor-factory.ts'

export interface MemoryPorts extends AttemptPorts {
  /** Names of the called ports, in order. */
  steps: string[]
  sent: OutboundRequest[]
  recorded: AttemptRecord[]
  enqueued: EnqueuedJob[]
}

interface EnqueuedJob {
  due: DueDelivery
  delayMs: number
}

export interface PortOverrides {
  claim?: Partial<Claim>
  claimResult?: ClaimResult
  outcome?: Outcome
  storedPayload?: string | null
  /** Storing the payload fails. */
  storeError?: Error
  recordLost?: boolean
  /** Another worker has the claim when it is released. */
  releaseLost?: boolean
  now?: Date
}

export const response200: HttpResponse = {
  kind: 'answered',
  status: 200,
  headers: {},
  body: '',
  bodyBytes: 0,
  bodyEnd: 'complete',
}

export const now = new Date('2026-03-10T17:18:00.000Z')

function claimWith(changes: Partial<Claim> = {}): Claim {
  return {
    claimId: 'claim-1',
    deliveryId: 'delivery-1',
    siteId: 4,
    webhookType: 'custom',
    target: {
      url: 'https://example.com/hooks/leads',
      headers: {},
      signingSecrets: [],
      credentials: null,
    },
    retryScheduleMs: null,
    receiverHost: 'example.com',
    destinationId: null,
    sample: false,
    includeJourney: true,
    includeEvents: true,
    attemptNumber: 1,
    seriesStart: 0,
    operationId: null,
    requestId: null,
    dueForMs: 0,
    superseded: false,
    payload: null,
    profile: documentedVisitor(),
    ageMs: () => 5,
    mayBeRepeat: false,
    ...changes,
  }
}

/** An expired claim of the same delivery. */
export function interruptedClaim(changes: Partial<InterruptedClaim> = {}): InterruptedClaim {
  return {
    claimId: 'claim-1',
    deliveryId: 'delivery-1',
    siteId: 4,
    webhookType: 'custom',
    receiverHost: 'example.com',
    destinationId: null,
    attemptNumber: 1,
    seriesStart: 0,
    operationId: null,
    requestId: null,
    dueForMs: 0,
    retryScheduleMs: null,
    budget: '4:host:example.com',
    interruptedBefore: false,
    ...changes,
  }
}

/** Ports in memory that record the order of the steps. */
export function memoryPorts(overrides: PortOverrides = {}): MemoryPorts {
  const claim = claimWith(overrides.claim)
  const steps: string[] = []
  const sent: OutboundRequest[] = []
  const recorded: AttemptRecord[] = []
  const enqueued: EnqueuedJob[] = []
  const due = (attemptsMade: number): DueDelivery =>
    dueDeliveryOf({ ...claim, webhookKey: null, attemptsMade })
  const step = <T>(name: string, value: T): Promise<T> => {
    steps.push(name)
    return Promise.resolve(value)
  }
  return {
    steps,
    sent,
    recorded,
    enqueued,
    now: () => overrides.now ?? now,
    random: () => 0.5,
    claim: () => step('claim', overrides.claimResult ?? { kind: 'claimed', claim }),
    storePayload: (_claim, payload) =>
      overrides.storeError
        ? Promise.reject(overrides.storeError)
        : step('store', overrides.storedPayload === undefined ? payload : overrides.storedPayload),
    send: (request) => {
      sent.push(request)
      return step('send', { outcome: overrides.outcome ?? response200, startedAt: now, durationMs: 5 })
    },
    release: () => step('release', overrides.releaseLost ? null : due(claim.attemptNumber - 1)),
    enqueue: (delivery, { delayMs = 0 } = {}) => {
      enqueued.push({ due: delivery, delayMs })
      return step('enqueue', true)
    },
    authorize: () => step('authorize', { kind: 'failed', failure: { kind: 'key_unusable' } }),
    record: (_claim, attempt) => {
      if (overrides.recordLost) return step('record', { kind: 'claim_lost' })
      recorded.push(attempt)
      const { state } = attempt.next
      const settlement = { deliveryId: claim.deliveryId, state, attempts: claim.attemptNumber }
      return step('record', {
        kind: 'recorded',
        settlement: { ...settlement, deliveredAt: null, nextAttemptAt: null, error: null },
        due: state === 'retrying' ? due(claim.attemptNumber) : null,
      })
    },
  }
}
