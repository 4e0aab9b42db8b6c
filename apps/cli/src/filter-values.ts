import {
  destinationTraits,
  webhookTypes,
  type AlertRuleBody,
  type FailureGroup,
  type OperationItem,
} from '@ghostpost/client'

/**
 * The values of enumerated options, for help texts and choices. The records make the compiler demand every value of the
 * contract; importing the contract itself would add half a second to each start.
 */
const keysOf = <Key extends string>(record: Readonly<Record<Key, true>>): Key[] =>
  Object.keys(record) as Key[]

/** Types of destination that can receive an alert. */
export const alertDestinationTypes = webhookTypes.filter((type) => destinationTraits[type].showsAlerts)

export const alertKinds = keysOf<AlertRuleBody['kind']>({
  failure_rate: true,
  dead_letters: true,
  destination_disabled: true,
  queue_age: true,
  not_draining: true,
})

export const failureStates = keysOf<FailureGroup['state']>({
  open: true,
  acknowledged: true,
  ignored: true,
  resolved: true,
})

export const itemOutcomes = keysOf<OperationItem['outcome']>({
  waiting: true,
  delivered: true,
  failed: true,
  skipped: true,
  cancelled: true,
})
