import type { Credentials } from '../destinations/credentials.ts'
import type { Settlement } from './delivery.ts'
import type { Lane } from './delivery.ts'
import type { WebhookType } from '../destinations/registry.ts'
import type { Outcome } from './outcome.ts'
import type { ReceiverScheme } from '../receivers/receiver-url.ts'
import type { Verdict } from './verdict.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'

/** What the rules ask of the outside, each port declared for its one user and no wider than that. */

// ——— asked by accept-delivery ———

export interface NewDelivery {
  id: string
  siteId: number
  ghostVid: string
  webhookType: WebhookType
  /** Null for a saved destination, whose URL stays with it. */
  receiverUrl: string | null
  receiverHost: string
  receiverScheme: ReceiverScheme
  destinationId: string | null
  includeJourney: boolean
  includeEvents: boolean
  /** Send a marked sample instead of the visitor's data. */
  sample: boolean
  requestedBy: string
  idempotency: IdempotencyClaim | null
}

export interface IdempotencyClaim {
  key: string
  /** A digest of the request; the same key with another digest is a conflict. */
  requestDigest: string
}

export type SaveResult =
  | { kind: 'saved' }
  /** The idempotency key was used before with the same request; this is the delivery it made. */
  | { kind: 'already_saved'; deliveryId: string }
  | { kind: 'idempotency_conflict' }
  /** There is none, or the user may not reach it. */
  | { kind: 'site_not_found' }
  | { kind: 'visitor_not_found' }

/** Finds the visitor and makes the delivery durable, in one transaction. Throws when it cannot; then nothing is stored. */
export type SaveDelivery = (delivery: NewDelivery) => Promise<SaveResult>

/**
 * Rings the bell: tells the workers that a delivery is due (after `delayMs`). Never throws; losing the bell is
 * harmless, as the sweeper rings again for what is due. Resolves to false when the bell could not be rung.
 */
export type Enqueue = (job: {
  deliveryId: string
  siteId: number
  attemptsMade: number
  lane: Lane
  delayMs: number
  /** Key of its receiver's budget (`budgetKeyOf`). */
  budget: string
  /** The trace it is part of, as a `traceparent`. */
  trace?: string
  /** It should have been attempted by now: a bell set for later is to ring at once. */
  overdue?: boolean
}) => Promise<boolean>

// ——— asked by attempt-delivery ———

export interface Claim {
  claimId: string
  deliveryId: string
  siteId: number
  webhookType: WebhookType
  /** Where to send it, with what a saved destination adds; null when that destination is gone. */
  target: ClaimTarget | null
  receiverHost: string
  destinationId: string | null
  sample: boolean
  includeJourney: boolean
  includeEvents: boolean
  /** Number of this attempt, from 1, over all series. */
  attemptNumber: number
  /** Attempts made before it was sent again; 0 if it never was. The retry schedule counts from here. */
  seriesStart: number
  /** The operation it belongs to. */
  operationId: string | null
  /** The call of the API that asked for it; null where an operation did. */
  requestId: string | null
  /** How long it had been due when it was claimed, in milliseconds. */
  dueForMs: number
  /** A newer snapshot of the same visitor has been delivered to the same record, which this would overwrite. */
  superseded: boolean
  /** The bytes of an earlier attempt, to be sent again unchanged; null before the first build. */
  payload: string | null
  /** The visitor with journey and events, from one consistent read; null when it is gone, or need not be read. */
  profile: VisitorProfile | null
  /** An earlier worker died while it held this very attempt. */
  interrupted: boolean
  /** Milliseconds since it was asked for, on a clock that only runs forward, also while this process is frozen. */
  ageMs: () => number
  /** An earlier attempt may have been taken although its outcome is unknown. */
  mayBeRepeat: boolean
}

export interface ClaimTarget {
  url: string
  headers: Readonly<Record<string, string>>
  /** The secrets to sign with, the current one first. */
  signingSecrets: readonly string[]
  /** What switches a CRM mode on; null in plain mode. */
  credentials: Credentials | null
  /** The destination's own retry schedule; null for the installation's. */
  retryScheduleMs: readonly number[] | null
}

export type ClaimResult =
  | { kind: 'claimed'; claim: Claim }
  /** Not due yet, or held by another worker: ask again after `waitMs`. */
  | { kind: 'wait'; waitMs: number }
  /** Finished, cancelled, or unknown: nothing to do. */
  | { kind: 'nothing_to_do' }

/** Takes a due delivery for one attempt: nobody else may send it until the claim is recorded or expires. */
export type ClaimDelivery = (deliveryId: string) => Promise<ClaimResult>

/**
 * Keeps the bytes of the first build, so that every later attempt sends the same. Returns what is kept, which is an
 * earlier build's bytes if there are any; null when the claim is no longer ours.
 */
export type StorePayload = (claim: Claim, payload: string) => Promise<string | null>

export interface OutboundRequest {
  /** POST unless it says otherwise. */
  method?: 'POST' | 'PATCH'
  url: URL
  headers: Readonly<Record<string, string>>
  body: string
  /** Standard Webhooks' id and signature; null where the receiver has no use for them. */
  signing: Signing | null
  /** Use a connection of its own: a request that must not be repeated must not die with a stale keep-alive one. */
  freshConnection: boolean
  /** The most time this may take, in milliseconds, where that is less than the sender's own limit. */
  withinMs?: number
}

export interface Signing {
  id: string
  /** Seconds; of this attempt. */
  timestamp: number
  secrets: readonly string[]
}

export interface SendResult {
  outcome: Outcome
  startedAt: Date
  durationMs: number
  /** What was sent and how long each part took; not there where nothing was tried. */
  trace?: ExchangeTrace
}

export interface ExchangeTrace {
  requestMethod: string
  /** The very bytes, as text. */
  requestBody: string
  /** As they may be kept and shown (`maskHeaders`). */
  requestHeaders: Readonly<Record<string, string>>
  /** Of its body. */
  requestBytes: number
  timings: ExchangeTimings
}

/** Milliseconds; null for a part that did not happen, or was not reached. */
export interface ExchangeTimings {
  /** An earlier request's connection was used: there was nothing to look up or to connect. */
  reusedConnection: boolean
  dnsMs: number | null
  /** TCP, or the tunnel through the egress proxy. */
  connectMs: number | null
  tlsMs: number | null
  /** From the request's first byte to the answer's head. */
  firstByteMs: number | null
  totalMs: number
}

/** One HTTP exchange, bounded in time and bytes. Whatever the receiver does comes back as a value. */
export type SendRequest = (request: OutboundRequest) => Promise<SendResult>

export interface AttemptRecord extends SendResult {
  /** What is stored to be sent; null when nothing is. */
  payload: string | null
  verdict: Verdict
  next: NextStep
}

export type NextStep =
  | { state: 'delivered' }
  | { state: 'retrying'; delayMs: number; because: RetryReason }
  | { state: 'failed' }
  | { state: 'cancelled' }

/** Whose wait it is: that of the retry schedule, or one the receiver asked for. */
export type RetryReason = 'schedule' | 'receiver_asked'

type RecordResult = { kind: 'recorded'; settlement: Settlement } | { kind: 'claim_lost' }

/** Writes the attempt and the delivery's new state in one transaction, if the claim is still ours. */
export type RecordAttempt = (claim: Claim, attempt: AttemptRecord) => Promise<RecordResult>

/** Hands an unused claim back, as a stopping worker does. Resolves to false, and changes nothing, when it is not ours any more. */
export type ReleaseClaim = (claim: Claim) => Promise<boolean>
