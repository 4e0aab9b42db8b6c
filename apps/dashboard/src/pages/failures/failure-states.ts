import type { FailureGroup } from '@ghostpost/delivery/contract/failures'

export type FailureState = FailureGroup['state']

export const failureStates: readonly FailureState[] = ['open', 'acknowledged', 'ignored', 'resolved']
