import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import { failureLooks } from '../../ui/status.tsx'

export type FailureState = FailureGroup['state']

export const failureStates = Object.keys(failureLooks) as FailureState[]
