import type { OperationItem } from '@ghostpost/delivery/contract/operations'
import { itemLooks } from '../../ui/status.tsx'

export type ItemOutcome = OperationItem['outcome']

export const itemOutcomes = Object.keys(itemLooks) as ItemOutcome[]

/** Why an operation skipped a member, as a sentence. A failed member has a cause code instead. */
const skipReasons: Readonly<Record<string, string>> = {
  state_changed: 'It changed after it was planned: its stored payload is gone.',
  visitor_gone: 'The visitor’s profile was deleted.',
  destination_gone: 'The saved destination was deleted.',
  destination_disabled: 'The destination is disabled.',
  unfinished: 'It was still being retried.',
  superseded: 'A newer state of the visitor was already delivered.',
}

export function formatSkipReason(reason: string): string {
  return skipReasons[reason] ?? reason
}
