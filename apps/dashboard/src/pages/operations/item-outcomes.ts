import type { OperationItem } from '@ghostpost/delivery/contract/operations'

export type ItemOutcome = OperationItem['outcome']

export const itemOutcomes: readonly ItemOutcome[] = ['waiting', 'delivered', 'failed', 'skipped', 'cancelled']

/** What the reasons in a ledger and in a plan mean; a failed one has its cause instead. */
const skipReasons: Readonly<Record<string, string>> = {
  state_changed: 'It is not as the plan found it: its stored bytes are gone.',
  visitor_gone: 'The visitor’s profile is gone.',
  destination_gone: 'The saved destination was deleted.',
  destination_disabled: 'The destination is disabled.',
  unfinished: 'It was still being tried.',
  superseded: 'A newer state of the visitor was delivered since.',
}

export function formatSkipReason(reason: string): string {
  return skipReasons[reason] ?? reason
}
