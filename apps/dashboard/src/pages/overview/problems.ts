import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { DestinationStats, StatsTotal } from '@ghostpost/delivery/contract/stats'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { formatPercent } from '../../stats/format-stats.ts'
import { formatDuration } from '../../ui/format-time.ts'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'

/** A problem, and the page that solves it. */
export interface Problem {
  text: string
  to: '/failures/$fingerprint' | '/destinations/$id' | '/operations/$id' | '/queues' | '/system'
  /** Id in the page's path; empty for a page without one. */
  param: string
  isSevere: boolean
}

type HeldReceiver = SystemView['backlog']['held_receivers'][number]

interface SiteState {
  failures: readonly FailureGroup[]
  destinations: readonly DestinationView[]
  operations: readonly OperationView[]
  /** By destination id. */
  stats?: ReadonlyMap<string, DestinationStats> | undefined
  system?: SystemView | undefined
}

/** The current problems, severe ones first: of the installation, of failures, of destinations, of operations. */
export function findProblems({ failures, destinations, operations, stats, system }: SiteState): Problem[] {
  const problems = [
    ...(system ? installationProblems(system) : []),
    ...failureProblems(failures),
    ...destinationProblems(destinations, stats, new Set(heldIdsOf(system))),
    ...operationProblems(operations),
  ]
  return problems.toSorted((one, other) => Number(other.isSevere) - Number(one.isSevere))
}

function* installationProblems({ checks, lanes, backlog, workers }: SystemView): Generator<Problem> {
  if (checks.queue !== 'ok')
    yield systemProblem('/system', `The queue ${queueProblemTexts[checks.queue] ?? 'has a problem'}`, true)
  if (workers.length === 0) yield systemProblem('/system', 'No worker is running, so nothing is sent', true)
  for (const { lane, paused } of lanes ?? [])
    if (paused) yield systemProblem('/queues', `The lane ${lane} is paused: ${paused.reason}`, false)
  yield* heldProblems(backlog.held_receivers)
  for (const { lane, due, draining, oldest_due_seconds: oldest } of backlog.lanes)
    if (draining.state === 'growing' && (oldest ?? 0) > lateAfterSeconds)
      yield systemProblem(
        '/queues',
        `The lane ${lane} falls behind: ${formatNumber(due)} are due, the oldest for ${formatSeconds(oldest ?? 0)}`,
        true,
      )
}

const holdTexts: Readonly<Record<HeldReceiver['reason'], string>> = {
  breaker_open: 'its circuit breaker is open',
  throttled: 'it asked for a pause',
}

/** Receivers that are left alone for a time. Those of a saved destination lead to its page. */
function* heldProblems(held: readonly HeldReceiver[]): Generator<Problem> {
  for (const { destination_id: id, destination_name: name, receiver, reason, count } of held) {
    const isOne = count === 1
    const text = `${formatCount({ count })} wait${isOne ? 's' : ''} for ${name ?? receiver}: ${holdTexts[reason]}`
    const isSevere = reason === 'breaker_open'
    yield id === null
      ? systemProblem('/queues', text, isSevere)
      : { text, to: '/destinations/$id', param: id, isSevere }
  }
}

function formatSeconds(seconds: number): string {
  return formatDuration(seconds * 1_000)
}

function systemProblem(to: '/queues' | '/system', text: string, isSevere: boolean): Problem {
  return { text, to, param: '', isSevere }
}

/** Deliveries that are due for longer than this are a problem. */
const lateAfterSeconds = 60

const queueProblemTexts: Readonly<Record<string, string>> = {
  down: 'does not respond; exports are stored and continue when it is back',
  full: 'is full and accepts no more jobs',
  read_only: 'is read-only',
  partial: 'responds in part: some of its nodes are down',
  evicting: 'may evict jobs: its eviction policy is not noeviction',
  forbidden: 'refuses Ghostpost’s user, or a command that the queue needs',
}

function failureProblems(failures: readonly FailureGroup[]): Problem[] {
  return failures
    .filter(({ state, last_hour: lastHour }) => state === 'open' && lastHour > 0)
    .map((group) => ({
      text: `${formatFailedLastHour(group)}: ${group.message}`,
      to: '/failures/$fingerprint',
      param: group.fingerprint,
      isSevere: true,
    }))
}

function formatFailedLastHour({ last_hour: count, destination_name: name, receiver }: FailureGroup): string {
  return `${formatCount({ count })} to ${name ?? receiver} failed in the last hour`
}

/** Destinations whose deliveries wait for them: that problem is named with its number already. */
function heldIdsOf(system: SystemView | undefined): string[] {
  return (system?.backlog.held_receivers ?? []).flatMap(({ destination_id: id }) => id ?? [])
}

function* destinationProblems(
  destinations: readonly DestinationView[],
  stats: SiteState['stats'],
  held: ReadonlySet<string>,
): Generator<Problem> {
  for (const { id, name, state, state_reason: reason } of destinations) {
    const target = { to: '/destinations/$id', param: id } as const
    if (state !== 'enabled') {
      const why = reason === null ? '' : `: ${reason}`
      yield { ...target, text: `${name} is ${state}${why}`, isSevere: state === 'disabled' }
    } else if (!held.has(id) && stats?.get(id)?.health.breaker === 'open') {
      yield { ...target, text: `${name} keeps failing: its circuit breaker is open`, isSevere: true }
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

/** The number of problems in words. */
export function summarizeProblems(problems: readonly Problem[]): string {
  if (problems.length === 1) return 'One thing needs attention.'
  if (problems.length > 1) return `${problems.length} things need attention.`
  return 'All is well: nothing needs attention.'
}

/** The share of delivered deliveries, as a sentence. */
export function formatSuccess({ delivered, failed, success }: StatsTotal, time: string): string {
  if (delivered + failed === 0) return `Nothing was sent in the ${time}.`
  if (failed === 0) return `All ${formatNumber(delivered)} deliveries of the ${time} were delivered.`
  const total = formatNumber(delivered + failed)
  return `${formatPercent(success)} of the ${total} deliveries of the ${time} were delivered.`
}
