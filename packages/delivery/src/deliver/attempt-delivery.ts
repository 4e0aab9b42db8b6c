import type { Authorize } from './access.ts'
import { sendWithAccess } from './send-with-access.ts'
import { composeRequest } from './compose-request.ts'
import { laneOf, type Settlement } from './delivery.ts'
import type { Destination } from '../destinations/destination.ts'
import { destinationOf } from '../destinations/registry.ts'
import type {
  AttemptRecord,
  Claim,
  ClaimDelivery,
  Enqueue,
  StorePayload,
  NextStep,
  RecordAttempt,
  ReleaseClaim,
  SendRequest,
  SendResult,
} from './ports.ts'
import type { Outcome } from './outcome.ts'
import { budgetKeyOf } from '../receivers/receiver-budget.ts'
import { nextDelayMs } from './retry-schedule.ts'
import { sampleVisitor } from '../visitors/sample-visitor.ts'
import { judge } from './judge.ts'
import type { Verdict } from './verdict.ts'

export interface AttemptPorts {
  claim: ClaimDelivery
  storePayload: StorePayload
  send: SendRequest
  authorize: Authorize
  record: RecordAttempt
  release: ReleaseClaim
  enqueue: Enqueue
  now: () => Date
  random: () => number
}

export interface AttemptSettings {
  /** The wait before attempt 1, 2, 3 …, in milliseconds; its length is the most attempts a delivery gets. */
  retryScheduleMs: readonly number[]
  repeatUnknownOutcomes: boolean
  /** For all that one attempt sends, in milliseconds. */
  attemptTimeoutMs: number
  /** How long a claim holds, in milliseconds: what could end after that is not begun. */
  claimMs: number
  /** Base of the links in payloads, without a slash at its end. */
  publicUrl: string
  userAgent: string
}

export type AttemptResult =
  | { kind: 'settled'; settlement: Settlement; claim: Claim; attempt: AttemptRecord }
  | { kind: 'wait'; waitMs: number }
  | { kind: 'nothing_to_do' }
  /** Another worker took over while we worked; what we sent, if anything, and what came of it is not recorded. */
  | { kind: 'claim_lost'; deliveryId: string; outcome: Outcome['kind'] | null }
  /** The worker is stopping, or came to it too late; the claim was handed back unused. */
  | { kind: 'released' }

/** Makes one attempt of a delivery: claim, build, send, judge, record, schedule. */
export async function attemptDelivery(
  deliveryId: string,
  ports: AttemptPorts,
  settings: AttemptSettings,
  isStopping: () => boolean = () => false,
): Promise<AttemptResult> {
  const claimed = await ports.claim(deliveryId)
  if (claimed.kind !== 'claimed') return claimed
  const { claim } = claimed
  const destination = destinationOf(claim.webhookType, claim.target?.credentials ?? null)

  const built = await build(claim, destination, ports, settings)
  if (built.kind === 'claim_lost') return { kind: 'claim_lost', deliveryId, outcome: null }
  const isLate = claim.ageMs() + settings.attemptTimeoutMs > settings.claimMs
  if (isLate || isStopping()) return releaseUnused(claim, ports)

  const sent = await send(claim, destination, built, ports, settings)
  const { mayBeRepeat } = claim
  const verdict = judge(sent.outcome, destination, { ...settings, mayBeRepeat, now: ports.now() })
  const payload = built.kind === 'payload' ? built.payload : null
  const attempt = { ...sent, payload, verdict, next: nextStep(claim, verdict, ports, settings) }

  const recorded = await ports.record(claim, attempt)
  if (recorded.kind === 'claim_lost') return { kind: 'claim_lost', deliveryId, outcome: sent.outcome.kind }
  await enqueueRetry(claim, attempt.next, ports)
  return { kind: 'settled', settlement: recorded.settlement, claim, attempt }
}

type BuildResult =
  | { kind: 'payload'; payload: string }
  | { kind: 'nothing'; because: 'interrupted' | 'visitor_gone' | 'destination_gone' | 'superseded' }
  | { kind: 'claim_lost' }

/** The bytes to send: those of an earlier attempt, or a fresh build. */
async function build(
  claim: Claim,
  destination: Destination,
  ports: AttemptPorts,
  settings: AttemptSettings,
): Promise<BuildResult> {
  if (claim.interrupted) return { kind: 'nothing', because: 'interrupted' }
  if (claim.target === null) return { kind: 'nothing', because: 'destination_gone' }
  if (claim.superseded) return { kind: 'nothing', because: 'superseded' }
  if (claim.payload !== null) return { kind: 'payload', payload: claim.payload }
  const profile = claim.sample ? sampleVisitor : claim.profile
  if (profile === null) return { kind: 'nothing', because: 'visitor_gone' }
  const body = destination.buildBody(profile, {
    includeJourney: claim.includeJourney,
    includeEvents: claim.includeEvents,
    exportedAt: ports.now(),
    publicUrl: settings.publicUrl,
    receiverUrl: new URL(claim.target.url),
  })
  const payload = await ports.storePayload(claim, JSON.stringify(body))
  return payload === null ? { kind: 'claim_lost' } : { kind: 'payload', payload }
}

async function releaseUnused(claim: Claim, { release }: AttemptPorts): Promise<AttemptResult> {
  if (await release(claim)) return { kind: 'released' }
  return { kind: 'claim_lost', deliveryId: claim.deliveryId, outcome: null }
}

async function send(
  claim: Claim,
  destination: Destination,
  built: Exclude<BuildResult, { kind: 'claim_lost' }>,
  ports: AttemptPorts,
  settings: AttemptSettings,
): Promise<SendResult> {
  const startedAt = ports.now()
  if (built.kind === 'nothing' || claim.target === null)
    return {
      outcome: { kind: built.kind === 'nothing' ? built.because : 'destination_gone' },
      startedAt,
      durationMs: 0,
    }
  const { target, destinationId } = claim
  const request = composeRequest(claim, target, destination, built.payload, startedAt, settings.userAgent)
  const withinMs = settings.attemptTimeoutMs
  return sendWithAccess({ destination, destinationId, webhookUrl: target.url, request, withinMs }, ports)
}

function nextStep(claim: Claim, verdict: Verdict, ports: AttemptPorts, settings: AttemptSettings): NextStep {
  if (verdict.decision === 'delivered') return { state: 'delivered' }
  if (verdict.decision === 'give_up')
    return { state: verdict.failure.cause === 'superseded' ? 'cancelled' : 'failed' }
  const delayMs = nextDelayMs(
    claim.target?.retryScheduleMs ?? settings.retryScheduleMs,
    claim.attemptNumber - claim.seriesStart,
    verdict.retryAfterMs,
    ports.random(),
  )
  if (delayMs === null) return { state: 'failed' }
  return {
    state: 'retrying',
    delayMs,
    because: delayMs === verdict.retryAfterMs ? 'receiver_asked' : 'schedule',
  }
}

async function enqueueRetry(claim: Claim, next: NextStep, ports: AttemptPorts): Promise<void> {
  if (next.state !== 'retrying') return
  const { deliveryId, siteId, attemptNumber } = claim
  await ports.enqueue({
    deliveryId,
    siteId,
    attemptsMade: attemptNumber,
    lane: laneOf(attemptNumber - claim.seriesStart, claim.operationId),
    delayMs: next.delayMs,
    budget: budgetKeyOf(claim),
  })
}
