import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { DestinationStats, StatsTotal } from '@ghostpost/delivery/contract/stats'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { formatPercent } from '../../stats/format-stats.ts'
import { formatDuration } from '../../ui/format-time.ts'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'

/** One thing that is not as it should be, and where it is dealt with. */
export interface Problem {
  text: string
  to: '/failures/$fingerprint' | '/destinations/$id' | '/operations/$id' | '/queues' | '/system'
  /** Which one; empty for a page of its own. */
  param: string
  isSevere: boolean
}

interface SiteState {
  failures: readonly FailureGroup[]
  destinations: readonly DestinationView[]
  operations: readonly OperationView[]
  /** By the destination's id. */
  stats?: ReadonlyMap<string, DestinationStats> | undefined
  system?: SystemView | undefined
}

/** What is wrong now, the gravest first: what keeps all from going on, failures, destinations and operations that stand still. */
export function findProblems({ failures, destinations, operations, stats, system }: SiteState): Problem[] {
  const problems = [
    ...(system ? installationProblems(system) : []),
    ...failureProblems(failures),
    ...destinationProblems(destinations, stats),
    ...operationProblems(operations),
  ]
  return problems.toSorted((one, other) => Number(other.isSevere) - Number(one.isSevere))
}

function* installationProblems({ checks, lanes, backlog, workers }: SystemView): Generator<Problem> {
  if (checks.queue !== 'ok')
    yield systemProblem(
      '/system',
      `The queue ${queueProblemTexts[checks.queue] ?? 'is not as it should be'}`,
      true,
    )
  if (workers.length === 0) yield systemProblem('/system', 'No worker is running, so nothing is sent', true)
  for (const { lane, paused } of lanes ?? [])
    if (paused) yield systemProblem('/queues', `The lane ${lane} is held: ${paused.reason}`, false)
  for (const { lane, due, draining, oldest_due_seconds: oldest } of backlog.lanes)
    if (draining.state === 'growing' && (oldest ?? 0) > lateAfterSeconds)
      yield systemProblem(
        '/queues',
        `The lane ${lane} falls behind: ${formatNumber(due)} are due, the oldest for ${formatDuration((oldest ?? 0) * 1_000)}`,
        true,
      )
}

function systemProblem(to: '/queues' | '/system', text: string, isSevere: boolean): Problem {
  return { text, to, param: '', isSevere }
}

/** A wait that is worth a word. */
const lateAfterSeconds = 60

const queueProblemTexts: Readonly<Record<string, string>> = {
  down: 'does not answer; exports are kept, and go on when it is back',
  full: 'is full and takes nothing more',
  read_only: 'takes no writes',
  partial: 'answers in part: some of its nodes are away',
  evicting: 'may throw jobs away: its eviction policy is not noeviction',
}

function failureProblems(failures: readonly FailureGroup[]): Problem[] {
  return failures
    .filter(({ state, last_hour: lastHour }) => state === 'open' && lastHour > 0)
    .map((group) => ({
      text: `${formatCount({ count: group.last_hour, capped: false }, 'delivery', 'deliveries')} to ${group.destination_name ?? group.receiver} failed in the last hour: ${group.message}`,
      to: '/failures/$fingerprint',
      param: group.fingerprint,
      isSevere: true,
    }))
}

function* destinationProblems(
  destinations: readonly DestinationView[],
  stats: SiteState['stats'],
): Generator<Problem> {
  for (const { id, name, state, state_reason: reason } of destinations) {
    const target = { to: '/destinations/$id', param: id } as const
    if (state !== 'enabled') {
      const why = reason === null ? '' : `: ${reason}`
      yield { ...target, text: `${name} is ${state}${why}`, isSevere: state === 'disabled' }
    } else if (stats?.get(id)?.health.breaker === 'open') {
      yield { ...target, text: `${name} keeps failing and is left alone for a while`, isSevere: true }
    }
  }
}

function operationProblems(operations: readonly OperationView[]): Problem[] {
  return operations
    .filter(({ state }) => state === 'paused')
    .map(({ operation_id: id, state_reason: reason }) => ({
      text: `An operation is paused${reason === null ? '' : `: ${reason}`}`,
      to: '/operations/$id',
      param: id,
      isSevere: false,
    }))
}

/** The whole of it in a few words. */
export function summarizeProblems(problems: readonly Problem[]): string {
  if (problems.length === 1) return 'One thing needs attention.'
  if (problems.length > 1) return `${problems.length} things need attention.`
  return 'All is well: nothing needs attention.'
}

/** How much arrived, as a sentence. */
export function formatSuccess({ delivered, failed, success }: StatsTotal, time: string): string {
  if (delivered + failed === 0) return `Nothing was sent in the ${time}.`
  if (failed === 0) return `All ${formatNumber(delivered)} of the ${time} arrived.`
  return `${formatPercent(success)} of the ${formatNumber(delivered + failed)} of the ${time} arrived.`
}
