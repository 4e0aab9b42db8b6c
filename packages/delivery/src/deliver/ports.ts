import type { Credentials } from '../destinations/credentials.ts'
import type { Settlement } from './delivery.ts'
import type { DueDelivery } from './due-delivery.ts'
import type { OmittedField, RequestMethod } from '../destinations/destination.ts'
import type { DestinationOptions } from '../destinations/destination-options.ts'
import type { Mapping } from '../destinations/mapping/mapping.ts'
import type { WebhookType } from '../destinations/registry.ts'
import type { Outcome } from './outcome.ts'
import type { ReceiverScheme } from '../receivers/receiver-url.ts'
import type { RecordReference, Verdict } from './verdict.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'

/** The rules' ports. Each port has one user and only what that user needs. */

// ——— used by accept-delivery ———

export interface NewDelivery {
  id: string
  siteId: number
  ghostVid: string
  webhookType: WebhookType
  /** Null for a saved destination, which has the URL. */
  receiverUrl: string | null
  receiverHost: string
  receiverScheme: ReceiverScheme
  webhookKey: string | null
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
  /** A digest of the request. The same key with another digest is a conflict. */
  requestDigest: string
}

export type SaveResult =
  | { kind: 'saved'; due: DueDelivery }
  /** An earlier request with the same key and digest created this delivery. */
  | { kind: 'already_saved'; deliveryId: string }
  | { kind: 'idempotency_conflict' }
  /** The site does not exist, or the user has no access to it. */
  | { kind: 'site_not_found' }
  | { kind: 'visitor_not_found' }

/** Finds the visitor and saves the delivery in one transaction. Throws when that fails; then nothing is stored. */
export type SaveDelivery = (delivery: NewDelivery) => Promise<SaveResult>

// ——— used by attempt-delivery ———

/** The facts about a claimed delivery that its attempt record, its log line and its statistics need. */
export interface ClaimedDelivery {
  claimId: string
  deliveryId: string
  siteId: number
  webhookType: WebhookType
  receiverHost: string
  destinationId: string | null
  /** Number of this attempt over all series, from 1. */
  attemptNumber: number
  /** Attempts made before the last resend; 0 without one. The retry schedule counts from here. */
  seriesStart: number
  /** The operation of which this delivery is a member; null for none. */
  operationId: string | null
  /** The API request that created or resent it; null for a member of an operation. */
  requestId: string | null
  /** The time between due and claimed, in milliseconds. */
  dueForMs: number
  /** The saved destination's own retry schedule; null where it has none (`scheduleFor`). */
  retryScheduleMs: readonly number[] | null
}

export interface Claim extends ClaimedDelivery {
  /** The URL and the saved destination's settings; null when the saved destination no longer exists. */
  target: ClaimTarget | null
  sample: boolean
  includeJourney: boolean
  includeEvents: boolean
  /** A newer snapshot of the same visitor has been delivered to the same record. This one would overwrite it. */
  superseded: boolean
  /** The bytes of an earlier attempt, which every later attempt repeats; null before the first build. */
  payload: string | null
  /** The visitor with journey and events, from one snapshot; null when the visitor is gone or not needed. */
  profile: VisitorProfile | null
  /** Milliseconds since the claim was requested. The clock is monotonic and also counts while the process is frozen. */
  ageMs: () => number
  /** The outcome of an earlier attempt is unknown: the receiver may already have the payload. */
  mayBeRepeat: boolean
  /** The record that the newest export of the visitor to the same saved destination wrote; null when none is known. */
  earlierRecord?: RecordReference | null
  /**
   * For a member of an operation to a CRM: the newest payload of the visitor that the saved destination has accepted
   * since it was changed last; null when none is known.
   */
  acceptedPayload?: string | null
}

export interface ClaimTarget {
  url: string
  headers: Readonly<Record<string, string>>
  /** The secrets that sign the request, the current one first. */
  signingSecrets: readonly string[]
  /** The credentials of a CRM mode; null in plain mode. */
  credentials: Credentials | null
  /** The settings that only some types have. */
  options?: DestinationOptions
  /** What the payload consists of; the documented payload without one. */
  mapping?: Mapping | null
}

/** An expired claim: its worker neither recorded nor released it. Whether that worker sent a request is unknown. */
export interface InterruptedClaim extends ClaimedDelivery {
  /** Key of its receiver's budget, of which the worker may have left a slot occupied. */
  budget: string
  /** The attempt before this one, in the same series, was interrupted, too. */
  interruptedBefore: boolean
}

export type ClaimResult =
  | { kind: 'claimed'; claim: Claim }
  /** Nothing was claimed: first the attempt of the expired claim must be recorded. */
  | { kind: 'interrupted'; claim: InterruptedClaim }
  /** Not due yet, paused, or claimed by another worker: try again after `waitMs`. */
  | { kind: 'wait'; waitMs: number }
  /** The delivery is finished or does not exist. */
  | { kind: 'nothing_to_do' }

/**
 * Claims a due delivery for one attempt. No other worker can claim it until this claim is recorded or released. After
 * it has expired, another worker may record that it was interrupted.
 */
export type ClaimDelivery = (deliveryId: string) => Promise<ClaimResult>

/**
 * Stores the bytes of the first build, so that every attempt sends the same bytes. Returns the stored bytes, which are
 * an earlier build's where there was one; null when the claim is lost or has expired.
 */
export type StorePayload = (claim: Claim, payload: string) => Promise<string | null>

export interface OutboundRequest {
  /** POST unless given. */
  method?: RequestMethod
  url: URL
  /** Path and query as they were written; those of `url` unless given. */
  target?: string
  headers: Readonly<Record<string, string>>
  body: string
  /** Standard Webhooks' id and signature; null where the destination does not use them. */
  signing: Signing | null
  /** The site whose share of bounded resources the request uses; none for requests of no site. */
  siteId?: number | undefined
  /** Open a new connection: a stale keep-alive connection would break a request that must not be repeated. */
  freshConnection: boolean
  /** Upper bound in milliseconds; the sender's own limit applies where that is lower. */
  withinMs?: number
}

export interface Signing {
  id: string
  /** Start of this attempt, in seconds since 1970. */
  timestamp: number
  secrets: readonly string[]
}

export interface SendResult {
  outcome: Outcome
  startedAt: Date
  durationMs: number
  /** The request and the duration of each phase; absent when no request was tried. */
  trace?: ExchangeTrace
  /** The URL of the request with this outcome; absent when it is that of the prepared request. */
  requestUrl?: URL
  /** The fields that were left out because the receiver refused their values. */
  omitted?: readonly OmittedField[]
  /** The number of requests to the receiver; 1 unless given. */
  requests?: number
  /** How long other requests to the receiver should wait, in milliseconds; 0 unless given. */
  pauseMs?: number
  /** The request was sent again after a stale connection: the receiver may have processed the first one. */
  mayBeRepeat?: boolean
}

export interface ExchangeTrace {
  requestMethod: string
  /** The sent bytes as text. */
  requestBody: string
  /** Masked by `maskHeaders`, so that they can be stored and shown. */
  requestHeaders: Readonly<Record<string, string>>
  /** Length of the request body. */
  requestBytes: number
  timings: ExchangeTimings
}

/** Milliseconds; null for a phase that did not happen. */
export interface ExchangeTimings {
  /** The request used the connection of an earlier one, without lookup and connect. */
  reusedConnection: boolean
  dnsMs: number | null
  /** TCP connect, or the tunnel through the egress proxy. */
  connectMs: number | null
  tlsMs: number | null
  /** From the request's first byte to the response head. */
  firstByteMs: number | null
  totalMs: number
}

/** Makes one HTTP exchange, bounded in time and bytes. Returns every failure of the receiver as a value. */
export type SendRequest = (request: OutboundRequest) => Promise<SendResult>

export interface AttemptRecord extends SendResult {
  /** The stored payload; null when the attempt built none. */
  payload: string | null
  verdict: Verdict
  next: NextStep
}

export type NextStep =
  | { state: 'delivered' }
  | { state: 'retrying'; delayMs: number; because: RetryReason }
  | { state: 'failed' }
  | { state: 'cancelled' }

/** Whether the retry schedule or the receiver's Retry-After decided the wait. */
export type RetryReason = 'schedule' | 'receiver_asked'

type RecordResult =
  /** `due`: the next attempt; null when the delivery is finished. */
  { kind: 'recorded'; settlement: Settlement; due: DueDelivery | null } | { kind: 'claim_lost' }

/**
 * Writes the attempt and the delivery's new state in one transaction, unless the claim is lost. A worker's own outcome
 * is also written after its claim has expired, as long as nobody has recorded the attempt as interrupted. Where
 * somebody has, and nobody has sent the delivery again, a known outcome replaces that record. The outcome `interrupted`
 * is only written once the claim has expired.
 */
export type RecordAttempt = (claim: ClaimedDelivery, attempt: AttemptRecord) => Promise<RecordResult>

/**
 * Releases an unused claim, also one that has expired: the delivery is due again. Resolves to null, and changes
 * nothing, when the claim is lost.
 */
export type ReleaseClaim = (
  claim: Pick<ClaimedDelivery, 'deliveryId' | 'claimId'>,
) => Promise<DueDelivery | null>
