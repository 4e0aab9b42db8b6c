import type { PlannedFault } from '../processes/index.ts'
import type { Reaction } from '../stores/index.ts'
import type { WebhookType } from '@ghostpost/delivery/destinations'

/** What callers do, and when: in milliseconds after the start. */
export type Action = { atMs: number } & (
  | {
      kind: 'export'
      id: string
      siteId: number
      ghostVid: string
      to: { webhookType: WebhookType } | { destinationId: string }
      /** With an idempotency key the caller repeats the call until it has a response. */
      hasKey: boolean
      reactions: readonly Reaction[]
    }
  /** The same call again, with the same key. */
  | { kind: 'again'; of: string }
  | { kind: 'resend'; of: string; isConfirmed: boolean }
  | { kind: 're-export'; id: string; of: string; reactions: readonly Reaction[] }
  | { kind: 'cancel'; of: string }
  | { kind: 'erase'; siteId: number; ghostVid: string }
  /** The visitor's profile changes. */
  | { kind: 'visit'; siteId: number; ghostVid: string }
  | { kind: 'pause-destination' | 'resume-destination'; of: string }
  | {
      kind: 'operation'
      id: string
      siteId: number
      operation: 'resend' | 're_export' | 'export'
      select: 'failed' | 'finished' | 'visitors'
      destinationId: string | null
      rate: number
      canary: boolean
      /** Of every third member. */
      reactions: readonly Reaction[]
    }
  | { kind: 'pause-operation' | 'resume-operation' | 'cancel-operation'; of: string }
)

export type ActionKind = Action['kind']

export interface DestinationSetup {
  id: string
  siteId: number
  webhookType: WebhookType
}

export interface RuleSetup {
  id: string
  siteId: number
  kind: 'dead_letters' | 'destination_disabled'
  threshold: number
  destinationId: string
}

/** Everything that a run depends on: the same history gives the same trace. */
export interface History {
  /** Chooses latencies, takers and jitter. */
  seed: number
  visitors: readonly { siteId: number; ghostVid: string }[]
  destinations: readonly DestinationSetup[]
  rules: readonly RuleSetup[]
  actions: readonly Action[]
  faults: readonly PlannedFault[]
  workers: number
  apis: number
}

/** The number of events that a reader has to follow. */
export function eventsOf({ actions, faults }: Pick<History, 'actions' | 'faults'>): number {
  return actions.length + faults.length
}
