import type { Authorize } from './access.ts'
import { sendWithAccess, type SteppedRequest } from './send-with-access.ts'
import type { Settlement } from './delivery.ts'
import type { Enqueue } from './due-delivery.ts'
import type { Destination } from '../destinations/destination.ts'
import { destinationOf } from '../destinations/registry.ts'
import type {
  AttemptRecord,
  Claim,
  ClaimDelivery,
  ClaimTarget,
  NextStep,
  RecordAttempt,
  ReleaseClaim,
  SendRequest,
  SendResult,
  StorePayload,
} from './ports.ts'
import { judge } from './judge.ts'
import { judgeMasked } from './judge-masked.ts'
import type { Outcome } from './outcome.ts'
import { nextDelayMs, scheduleFor } from './retry-schedule.ts'
import type { Verdict } from './verdict.ts'
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
  | { kind: 'settled'; settlement: Settlement; claim: Claim; attempt: AttemptRecord }
  | { kind: 'wait'; waitMs: number }
  | { kind: 'nothing_to_do' }
  /** Another worker took the claim over. The outcome of our request, if we sent one, is not recorded. */
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
  if (claimed.kind !== 'claimed') return claimed
  const { claim } = claimed
  const destination = destinationOf(
    claim.webhookType,
    claim.target?.credentials ?? null,
    claim.target?.options,
  )

  const built = await build(claim, destination, ports, settings)
  if (built.kind === 'claim_lost') return { kind: 'claim_lost', deliveryId, outcome: null }
  const isLate = claim.ageMs() + settings.attemptTimeoutMs > settings.claimMs
  if (isLate || isStopping()) return releaseUnused(claim, ports)

  const received = await send(claim, destination, built, ports, settings)
  const requestUrl = received.requestUrl ?? (claim.target === null ? undefined : new URL(claim.target.url))
  const judgeSettings = { ...settings, mayBeRepeat: claim.mayBeRepeat, now: ports.now(), requestUrl }
  const { sent, verdict } = judgeMasked(received, claim.target, (outcome) =>
    judge(outcome, destination, judgeSettings),
  )
  const payload = built.kind === 'payload' ? built.payload : null
  const next = nextStep(claim, verdict, ports, settings)
  const attempt = { ...sent, payload, verdict, next }

  const recorded = await ports.record(claim, attempt)
  if (recorded.kind === 'claim_lost') return { kind: 'claim_lost', deliveryId, outcome: sent.outcome.kind }
  if (recorded.due && next.state === 'retrying') await ports.enqueue(recorded.due, { delayMs: next.delayMs })
  return { kind: 'settled', settlement: recorded.settlement, claim, attempt }
}

type BuildResult =
  | { kind: 'payload'; payload: string }
  | { kind: 'nothing'; because: 'interrupted' | 'visitor_gone' | 'destination_gone' | 'superseded' }
  | { kind: 'claim_lost' }

/** Returns the bytes to send: the stored ones of an earlier attempt, or a new build, which it stores. */
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
  const due = await release(claim)
  return due ? { kind: 'released' } : { kind: 'claim_lost', deliveryId: claim.deliveryId, outcome: null }
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
  const { userAgent, attemptTimeoutMs: withinMs } = settings
  const { deliveryId, siteId } = claim
  const content = { deliveryId, siteId, payload: built.payload, sentAt: startedAt }
  const request = composeRequest(content, target, destination, userAgent)
  const { payload } = built
  const input = { destination, destinationId, webhookUrl: target.url, payload, request, withinMs }
  return sendWithAccess(input, ports)
}

interface RequestContent {
  deliveryId: string
  siteId: number
  payload: string
  sentAt: Date
}

/** Composes the request of one attempt from the destination type's parts and the saved destination's headers. */
function composeRequest(
  { deliveryId, siteId, payload, sentAt }: RequestContent,
  target: ClaimTarget,
  destination: Destination,
  userAgent: string,
): SteppedRequest {
  const prepared = destination.prepareRequest(new URL(target.url), userAgent, payload)
  const timestamp = Math.floor(sentAt.getTime() / 1_000)
  return {
    method: prepared.method ?? 'POST',
    url: prepared.url,
    headers: mergeHeaders(
      { 'content-type': 'application/json', 'user-agent': userAgent },
      prepared.headers,
      target.headers,
    ),
    body: prepared.body ?? payload,
    ...(prepared.step === undefined ? {} : { step: prepared.step }),
    signing: destination.traits.signed ? { id: deliveryId, timestamp, secrets: target.signingSecrets } : null,
    siteId,
    freshConnection: !destination.traits.repeatable,
  }
}

/** Header names are case-insensitive (RFC 9110 §5.1): of equal ones the last is sent. */
function mergeHeaders(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = all.flatMap((headers) => Object.entries(headers))
  const last = new Map(entries.map((entry) => [entry[0].toLowerCase(), entry]))
  return Object.fromEntries(last.values())
}

function nextStep(claim: Claim, verdict: Verdict, ports: AttemptPorts, settings: AttemptSettings): NextStep {
  if (verdict.decision === 'delivered') return { state: 'delivered' }
  if (verdict.decision === 'give_up')
    return { state: verdict.isSkip || verdict.failure.cause === 'superseded' ? 'cancelled' : 'failed' }
  const { webhookType, target } = claim
  const ownScheduleMs = target?.retryScheduleMs ?? null
  const delayMs = nextDelayMs(
    scheduleFor({ webhookType, ownScheduleMs }, settings.retryScheduleMs),
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
