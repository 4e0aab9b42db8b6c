import { isFinished, type DeliveryState } from '../deliver/delivery.ts'
import type { DestinationState } from '../destinations/saved-destination.ts'

/** The facts that decide whether a delivery may be resent or re-exported. */
export interface ReplayableDelivery {
  state: DeliveryState
  /** Its payload is still stored. */
  hasPayload: boolean
  /** Its visitor still exists. Always true for a sample. */
  hasVisitor: boolean
  /** State of its saved destination: `none` when that is gone, `enabled` for a delivery with a URL of its own. */
  target: DestinationState | 'none'
}

/** Why a delivery may not be resent or re-exported. An operation stores these as its skip reasons. */
export type ReplayRefusal =
  | 'unfinished'
  | 'visitor_gone'
  | 'destination_gone'
  | 'destination_disabled'
  | 'destination_paused'
  | 'payload_gone'
  | 'confirmation_needed'

/**
 * A person asks for one delivery, an operation for many. A person may use a paused destination, where the delivery
 * waits; an operation skips it, so that it can finish. A person confirms a duplicate per delivery; an operation's plan
 * warns of duplicates before it starts.
 */
export type ReplayAsker = { by: 'operation' } | { by: 'person'; isDuplicateConfirmed: boolean }

/** Whether the stored payload may be sent again under the same id. Null: it may. */
export function resendRefusal(delivery: ReplayableDelivery, asker: ReplayAsker): ReplayRefusal | null {
  const { state, hasPayload, target } = delivery
  if (!isFinished(state)) return 'unfinished'
  const targetRefusal = refusalOfTarget(target, asker)
  if (targetRefusal !== null) return targetRefusal
  if (!hasPayload) return 'payload_gone'
  if (asker.by === 'person' && state === 'delivered' && !asker.isDuplicateConfirmed)
    return 'confirmation_needed'
  return null
}

/**
 * Whether a new delivery may be made for the same visitor and target. Null: it may. A person may re-export an
 * unfinished delivery, because the old one stays as it is; an operation selects finished deliveries only.
 */
export function reExportRefusal(
  { state, hasVisitor, target }: ReplayableDelivery,
  asker: ReplayAsker,
): ReplayRefusal | null {
  if (asker.by === 'operation' && !isFinished(state)) return 'unfinished'
  if (!hasVisitor) return 'visitor_gone'
  return refusalOfTarget(target, asker)
}

function refusalOfTarget(target: ReplayableDelivery['target'], { by }: ReplayAsker): ReplayRefusal | null {
  if (target === 'none') return 'destination_gone'
  if (target === 'disabled') return 'destination_disabled'
  return target === 'paused' && by === 'operation' ? 'destination_paused' : null
}
