import type { OperationItem } from '@ghostpost/delivery/contract/operations'
import { itemLooks } from '../../ui/status.tsx'

export type ItemOutcome = OperationItem['outcome']

export const itemOutcomes = Object.keys(itemLooks) as ItemOutcome[]

/** Why an operation skipped a member, as a sentence. A failed member has a cause code instead. */
const skipReasons: Readonly<Record<string, string>> = {
  state_changed: 'It changed after it was planned.',
  payload_gone: 'Its stored payload is gone.',
  destination_paused: 'The destination is paused.',
  recovered: 'Already recovered: a copy of it was delivered.',
  not_waiting: 'It was finished, so there was nothing to cancel.',
  being_sent: 'It was being sent.',
  never_begun: 'The operation was cancelled before its turn.',
  by_hand: 'Cancelled by hand.',
  visitor_gone: 'The visitor’s profile was deleted.',
  destination_gone: 'The saved destination was deleted.',
  destination_disabled: 'The destination is disabled.',
  unfinished: 'It was still being retried.',
  superseded: 'A newer state of the visitor was already delivered.',
  unchanged: 'The destination has accepted the same values already.',
}

export function formatSkipReason(reason: string): string {
  return skipReasons[reason] ?? reason
}
