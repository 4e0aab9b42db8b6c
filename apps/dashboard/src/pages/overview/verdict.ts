import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { DestinationStats, StatsTotal } from '@ghostpost/delivery/contract/stats'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { tellShare } from '../../stats/tell-stats.ts'
import { tellDuration } from '../../ui/tell-time.ts'
import { tellCount, tellNumber } from '../deliveries/tell-count.ts'

/** One thing that is not as it should be, and where it is dealt with. */
export interface Problem {
  text: string
  to: '/failures/$fingerprint' | '/destinations/$id' | '/operations/$id' | '/queues' | '/system'
  /** Which one; empty for a page of its own. */
  param: string
  grave: boolean
}

interface Observed {
  failures: readonly FailureGroup[]
  destinations: readonly DestinationView[]
  operations: readonly OperationView[]
  /** By the destination's id. */
  stats?: ReadonlyMap<string, DestinationStats> | undefined
  system?: SystemView | undefined
}

/** What is wrong now, the gravest first: what keeps all from going on, failures, destinations and operations that stand still. */
export function problemsIn({ failures, destinations, operations, stats, system }: Observed): Problem[] {
  const problems = [
    ...(system ? ofInstallation(system) : []),
    ...ofFailures(failures),
    ...ofDestinations(destinations, stats),
    ...ofOperations(operations),
  ]
  return problems.toSorted((one, other) => Number(other.grave) - Number(one.grave))
}

function* ofInstallation({ checks, lanes, backlog, workers }: SystemView): Generator<Problem> {
  if (checks.queue !== 'ok')
    yield at('/system', `The queue ${queueTroubles[checks.queue] ?? 'is not as it should be'}`, true)
  if (workers.length === 0) yield at('/system', 'No worker is running, so nothing is sent', true)
  for (const { lane, paused } of lanes ?? [])
    if (paused) yield at('/queues', `The lane ${lane} is held: ${paused.reason}`, false)
  for (const { lane, due, draining, oldest_due_seconds: oldest } of backlog.lanes)
    if (draining.state === 'growing' && (oldest ?? 0) > lateSeconds)
      yield at(
        '/queues',
        `The lane ${lane} falls behind: ${tellNumber(due)} are due, the oldest for ${tellDuration((oldest ?? 0) * 1_000)}`,
        true,
      )
}

function at(to: '/queues' | '/system', text: string, grave: boolean): Problem {
  return { text, to, param: '', grave }
}

/** A wait that is worth a word. */
const lateSeconds = 60

const queueTroubles: Readonly<Record<string, string>> = {
  down: 'does not answer; exports are kept, and go on when it is back',
  full: 'is full and takes nothing more',
  read_only: 'takes no writes',
  partial: 'answers in part: some of its nodes are away',
  evicting: 'may throw jobs away: its eviction policy is not noeviction',
}

function ofFailures(failures: readonly FailureGroup[]): Problem[] {
  return failures
    .filter(({ state, last_hour: lately }) => state === 'open' && lately > 0)
    .map((group) => ({
      text: `${tellCount({ count: group.last_hour, capped: false }, 'delivery', 'deliveries')} to ${group.destination_name ?? group.receiver} failed in the last hour: ${group.message}`,
      to: '/failures/$fingerprint',
      param: group.fingerprint,
      grave: true,
    }))
}

function* ofDestinations(
  destinations: readonly DestinationView[],
  stats: Observed['stats'],
): Generator<Problem> {
  for (const { id, name, state, state_reason: reason } of destinations) {
    const about = { to: '/destinations/$id', param: id } as const
    if (state !== 'enabled') {
      const why = reason === null ? '' : `: ${reason}`
      yield { ...about, text: `${name} is ${state}${why}`, grave: state === 'disabled' }
    } else if (stats?.get(id)?.health.breaker === 'open') {
      yield { ...about, text: `${name} keeps failing and is left alone for a while`, grave: true }
    }
  }
}

function ofOperations(operations: readonly OperationView[]): Problem[] {
  return operations
    .filter(({ state }) => state === 'paused')
    .map(({ operation_id: id, state_reason: reason }) => ({
      text: `An operation is paused${reason === null ? '' : `: ${reason}`}`,
      to: '/operations/$id',
      param: id,
      grave: false,
    }))
}

/** The whole of it in a few words. */
export function verdictOf(problems: readonly Problem[]): string {
  if (problems.length === 1) return 'One thing needs attention.'
  if (problems.length > 1) return `${problems.length} things need attention.`
  return 'All is well: nothing needs attention.'
}

/** How much arrived, as a sentence. */
export function tellArrival({ delivered, failed, success }: StatsTotal, time: string): string {
  if (delivered + failed === 0) return `Nothing was sent in the ${time}.`
  if (failed === 0) return `All ${tellNumber(delivered)} of the ${time} arrived.`
  return `${tellShare(success)} of the ${tellNumber(delivered + failed)} of the ${time} arrived.`
}
