import type { FailureGroup } from '@ghostpost/delivery/contract'

export type FailureState = FailureGroup['state']

export const failureStates: readonly FailureState[] = ['open', 'acknowledged', 'ignored', 'resolved']
