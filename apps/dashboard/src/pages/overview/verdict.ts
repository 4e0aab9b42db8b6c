import type { DestinationView, FailureGroup, OperationView } from '@ghostpost/delivery/contract'
import { tellCount } from '../deliveries/tell-count.ts'

/** One thing that is not as it should be, and where it is dealt with. */
export interface Problem {
  text: string
  to: '/failures/$fingerprint' | '/destinations/$id' | '/operations/$id'
  param: string
  grave: boolean
}

interface Observed {
  failures: readonly FailureGroup[]
  destinations: readonly DestinationView[]
  operations: readonly OperationView[]
}

/** What is wrong now, the gravest first: failures that go on, destinations that take nothing, operations that stand still. */
export function problemsIn({ failures, destinations, operations }: Observed): Problem[] {
  const failing = failures
    .filter(({ state, last_hour: lately }) => state === 'open' && lately > 0)
    .map((group): Problem => ({
      text: `${tellCount({ count: group.last_hour, capped: false }, 'delivery', 'deliveries')} to ${group.destination_name ?? group.receiver} failed in the last hour: ${group.message}`,
      to: '/failures/$fingerprint',
      param: group.fingerprint,
      grave: true,
    }))
  const closed = destinations
    .filter(({ state }) => state !== 'enabled')
    .map(({ id, name, state, state_reason: reason }): Problem => ({
      text: `${name} is ${state}${reason === null ? '' : `: ${reason}`}`,
      to: '/destinations/$id',
      param: id,
      grave: state === 'disabled',
    }))
  const held = operations
    .filter(({ state }) => state === 'paused')
    .map(({ operation_id: id, state_reason: reason }): Problem => ({
      text: `An operation is paused${reason === null ? '' : `: ${reason}`}`,
      to: '/operations/$id',
      param: id,
      grave: false,
    }))
  return [...failing, ...closed, ...held].toSorted((one, other) => Number(other.grave) - Number(one.grave))
}

/** The whole of it in a few words. */
export function verdictOf(problems: readonly Problem[]): string {
  if (problems.length === 1) return 'One thing needs attention.'
  if (problems.length > 1) return `${problems.length} things need attention.`
  return 'All is well: nothing needs attention.'
}
