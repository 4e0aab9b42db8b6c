import type { PlanBody, SkipReason } from '../contract/operations.ts'
import type { DeliveryState } from '../deliver/delivery.ts'
import type { DueDelivery } from '../deliver/due-delivery.ts'
import type { WebhookType } from '../destinations/registry.ts'

/** What the use cases of operations need from the database. Each use case runs in one transaction. */

export type OperationKind = PlanBody['kind']

// ——— used by feed-operation ———

/** An operation that one worker has locked for one step. */
export interface FeedingOperation {
  state: 'running' | 'cancelled'
  /** Members a second, at most. */
  rate: number
  /** Time since the rate was last used up, in milliseconds. */
  creditMs: number
  canary: 'off' | 'pending' | 'running' | 'passed' | 'failed'
  /** How many members the plan found. No more are started. */
  matched: number
  /** How many members the ledger lists. */
  fed: number
  /** The ledger lists every member. */
  allFed: boolean
  /** Id of the last member that was read; null before the first step. */
  cursor: string | null
}

/** A delivery, or for an export a visitor. */
export interface OperationMember {
  id: string
  ghostVid: string
  visitorId: string
}

export interface MemberPage {
  members: readonly OperationMember[]
  /** Where the next page starts. */
  cursor: string | null
  /** No member follows. */
  isEnd: boolean
}

export interface StartedCounts {
  /** Members that were not skipped. Counting stops at the size of a canary. */
  started: number
  /** Started and not yet attempted. */
  untried: number
  /** Started and not settled. */
  waiting: number
}

export interface CanaryCounts {
  started: number
  /** Attempted at least once, or settled. */
  tried: number
  /** Given up on, or waiting for a retry. */
  failed: number
}

export type CanaryVerdict = { canary: 'passed' } | { canary: 'failed'; pauseReason: string }

export interface FeedProgress {
  cursor: string | null
  fed: number
  allFed: boolean
  /** Every member of the canary has started: no more start before the canary is judged. */
  isCanaryStarted: boolean
  /** The rest of the credit, in milliseconds; null when no member was started. */
  creditMs: number | null
}

export interface FeedPorts {
  countStarted: () => Promise<StartedCounts>
  countCanary: () => Promise<CanaryCounts>
  /** Pauses the operation when the canary has failed. */
  storeCanary: (verdict: CanaryVerdict) => Promise<void>
  /**
   * Finds the members after `cursor`, oldest first. The search is bounded: a page may be empty although members follow.
   * @param limit at least 1
   */
  findMembers: (cursor: string | null, limit: number) => Promise<MemberPage>
  /**
   * Writes members into the ledger. Makes their deliveries due, or skips them with the reason.
   * @param fed how many members the ledger lists so far
   * @returns the deliveries that are due now
   */
  startMembers: (members: readonly OperationMember[], fed: number) => Promise<readonly DueDelivery[]>
  storeProgress: (progress: FeedProgress) => Promise<void>
  /** Lists members that a cancelled operation never began in its ledger, as cancelled. */
  listNeverBegun: (members: readonly OperationMember[], fed: number) => Promise<void>
  /** Cancels at most `limit` started members that no worker is sending right now. */
  cancelWaiting: (limit: number) => Promise<void>
  finish: (state: 'completed' | 'cancelled') => Promise<void>
}

// ——— used by plan-operation ———

/** Members with the same type, cause, state and receiver. */
export interface MemberGroup {
  webhookType: WebhookType | null
  cause: string | null
  state: DeliveryState | null
  destinationId: string | null
  receiverHost: string | null
  count: number
}

export interface SkipCount {
  reason: SkipReason
  count: number
}

/** The members that a plan's selection names. Every count stops at its limit. */
export interface SelectedMembers {
  from: 'deliveries' | 'visitors'
  /** The groups with the most members first. */
  countGroups: (limit: number) => Promise<readonly MemberGroup[]>
  /** @param withSuperseded whether to look for newer snapshots in CRMs, which takes one look-up per member */
  countSkips: (limit: number, withSuperseded: boolean) => Promise<readonly SkipCount[]>
  /** Members of these types for which an attempt has ended with an unknown outcome. */
  countUnknownOutcomes: (limit: number, types: readonly WebhookType[]) => Promise<number>
}

interface NamedDestination {
  id: string
  name: string
  receiverHost: string
}

/** The part of a plan that is stored beside its request. */
export interface NewPlan {
  rate: number
  canary: 'pending' | 'off'
  matched: number
  watermark: Date
}

export interface PlanPorts {
  /** The database's time. Deliveries get their end time from the same clock. */
  readClock: () => Promise<Date>
  /**
   * Null when nothing can match.
   * @param watermark excludes deliveries and visitors that are newer, and deliveries that end later
   */
  selectMembers: (watermark: Date) => Promise<SelectedMembers | null>
  /** Leaves out ids without a destination. */
  findDestinations: (ids: readonly string[]) => Promise<readonly NamedDestination[]>
  storePlan: (plan: NewPlan) => Promise<void>
}
