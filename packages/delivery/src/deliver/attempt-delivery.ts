import type { Authorize } from './access.ts'
import { composeRequest } from './compose-request.ts'
import { sendWithAccess } from './send-with-access.ts'
import type { Settlement } from './delivery.ts'
import type { Enqueue } from './due-delivery.ts'
import type { Destination } from '../destinations/destination.ts'
import { destinationOf } from '../destinations/registry.ts'
import type {
  AttemptRecord,
  Claim,
  ClaimDelivery,
  ClaimedDelivery,
  InterruptedClaim,
  RecordAttempt,
  ReleaseClaim,
  SendRequest,
  SendResult,
  StorePayload,
} from './ports.ts'
import { judge } from './judge.ts'
import { judgeMasked } from './judge-masked.ts'
import type { Outcome } from './outcome.ts'
import { nextStep } from './retry-schedule.ts'
import { sampleVisitor } from '../visitors/visitor-profile.ts'

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
  /**
   * The installation's schedule: the wait before attempt 1, 2, 3 …, in milliseconds. Its length limits the attempts.
   */
  retryScheduleMs: readonly number[]
  repeatUnknownOutcomes: boolean
  /** Upper bound for all requests of one attempt together, in milliseconds. */
  attemptTimeoutMs: number
  /** How long a claim is valid, in milliseconds. An attempt that could end later is not started. */
  claimMs: number
  /** Base of the links in payloads, without a trailing slash. */
  publicUrl: string
  userAgent: string
}

export type AttemptResult =
  | { kind: 'settled'; settlement: Settlement; claim: ClaimedDelivery; attempt: AttemptRecord }
  | { kind: 'wait'; waitMs: number }
  | { kind: 'nothing_to_do' }
  /** Another worker recorded the attempt as interrupted. The outcome of our request, if any, is not recorded. */
  | { kind: 'claim_lost'; deliveryId: string; outcome: Outcome['kind'] | null }
  /** The worker is stopping or was too late. It released the claim without an attempt. */
  | { kind: 'released' }

/** Makes one attempt of a delivery: claim, build, send, judge, record, schedule. */
export async function attemptDelivery(
  deliveryId: string,
  ports: AttemptPorts,
  settings: AttemptSettings,
  isStopping: () => boolean = () => false,
): Promise<AttemptResult> {
  const claimed = await ports.claim(deliveryId)
  // Before anything else, whatever state this worker is in: the fact must not depend on what happens next.
  if (claimed.kind === 'interrupted') return recordInterruption(claimed.claim, ports, settings)
  if (claimed.kind !== 'claimed') return claimed
  const { claim } = claimed
  const destination = destinationOf(
    claim.webhookType,
    claim.target?.credentials ?? null,
    claim.target?.options,
    claim.target?.mapping,
  )

  const built = await build(claim, destination, ports, settings)
  const isLate = claim.ageMs() + settings.attemptTimeoutMs > settings.claimMs
  if (built.kind === 'not_stored' || isLate || isStopping()) return releaseUnused(claim, ports)

  const received = await send(claim, destination, built, ports, settings)
  const requestUrl = received.requestUrl ?? (claim.target === null ? undefined : new URL(claim.target.url))
  const mayBeRepeat = claim.mayBeRepeat || received.mayBeRepeat === true
  const judgeSettings = { ...settings, mayBeRepeat, now: ports.now(), requestUrl }
  const { sent, verdict } = judgeMasked(received, claim.target, (outcome) =>
    judge(outcome, destination, judgeSettings),
  )
  const payload = built.kind === 'payload' ? built.payload : null
  const schedule = { installationMs: settings.retryScheduleMs, random: ports.random() }
  return record(claim, { ...sent, payload, verdict, next: nextStep(claim, verdict, schedule) }, ports)
}

export type InterruptionPorts = Pick<AttemptPorts, 'record' | 'enqueue' | 'now' | 'random'>

/**
 * Records the attempt of an expired claim as interrupted, with unknown outcome. Sends nothing. The next attempt, where
 * there is one, is due at once: the receiver is not at fault. After two interruptions in a row it waits as scheduled,
 * because the delivery itself may be what ends the workers.
 */
export async function recordInterruption(
  claim: InterruptedClaim,
  ports: InterruptionPorts,
  settings: Pick<AttemptSettings, 'retryScheduleMs' | 'repeatUnknownOutcomes'>,
): Promise<AttemptResult> {
  const startedAt = ports.now()
  const outcome: Outcome = { kind: 'interrupted' }
  const verdict = judge(outcome, destinationOf(claim.webhookType, null), { ...settings, now: startedAt })
  const schedule = { installationMs: settings.retryScheduleMs, random: ports.random() }
  const step = nextStep(claim, verdict, schedule)
  const next = step.state === 'retrying' && !claim.interruptedBefore ? { ...step, delayMs: 0 } : step
  const attempt = { outcome, startedAt, durationMs: 0, payload: null, verdict, next }
  const result = await record(claim, attempt, ports)
  // Another worker recorded it, or the claim's own worker lives and recorded its outcome.
  return result.kind === 'claim_lost' ? { kind: 'nothing_to_do' } : result
}

async function record(
  claim: ClaimedDelivery,
  attempt: AttemptRecord,
  ports: Pick<AttemptPorts, 'record' | 'enqueue'>,
): Promise<AttemptResult> {
  const { deliveryId } = claim
  const { next, outcome } = attempt
  const recorded = await ports.record(claim, attempt)
  if (recorded.kind === 'claim_lost') return { kind: 'claim_lost', deliveryId, outcome: outcome.kind }
  if (recorded.due && next.state === 'retrying') await ports.enqueue(recorded.due, { delayMs: next.delayMs })
  return { kind: 'settled', settlement: recorded.settlement, claim, attempt }
}

type BuildResult =
  | { kind: 'payload'; payload: string }
  | { kind: 'nothing'; because: 'visitor_gone' | 'destination_gone' | 'superseded' | 'unchanged' }
  /** The claim is lost or has expired, or the visitor was erased in the meantime. */
  | { kind: 'not_stored' }

/** Returns the bytes to send: the stored ones of an earlier attempt, or a new build, which it stores. */
async function build(
  claim: Claim,
  destination: Destination,
  ports: AttemptPorts,
  settings: AttemptSettings,
): Promise<BuildResult> {
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
  const built = JSON.stringify(body)
  if (claim.target.options?.unchanged !== 'send' && claim.acceptedPayload === built)
    return { kind: 'nothing', because: 'unchanged' }
  const payload = await storeOrRelease(claim, built, ports)
  return payload === null ? { kind: 'not_stored' } : { kind: 'payload', payload }
}

/** Without a release, the claim would expire and the attempt would count as possibly sent. */
async function storeOrRelease(claim: Claim, payload: string, ports: AttemptPorts): Promise<string | null> {
  try {
    return await ports.storePayload(claim, payload)
  } catch (error) {
    await ports.release(claim)
    throw error
  }
}

async function releaseUnused(claim: Claim, { release }: AttemptPorts): Promise<AttemptResult> {
  const due = await release(claim)
  return due ? { kind: 'released' } : { kind: 'claim_lost', deliveryId: claim.deliveryId, outcome: null }
}

async function send(
  claim: Claim,
  destination: Destination,
  built: Exclude<BuildResult, { kind: 'not_stored' }>,
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
  const { userAgent, attemptTimeoutMs: withinMs } = settings
  const { deliveryId, siteId } = claim
  const content = { deliveryId, siteId, payload: built.payload, sentAt: startedAt }
  const request = composeRequest(content, target, destination, userAgent)
  const { payload } = built
  const { earlierRecord } = claim
  const input = {
    destination,
    destinationId,
    webhookUrl: target.url,
    payload,
    request,
    earlierRecord,
    withinMs,
  }
  return sendWithAccess(input, ports)
}
