import { isFinished, legalMoves } from '@ghostpost/delivery/deliver'
import { times } from '../processes/index.ts'
import { actionOf, type Observation, type Violation } from './observation.ts'

/** How long after the last fault and the last action a delivery may take, in milliseconds. */
const settledWithinMs = 200_000
/** How long a due delivery may wait when nothing disturbs it: the sweeper's times, and an attempt. */
const attemptedWithinMs = 28_000

/** What has to end ends: deliveries, operations, alerts. */
export function checkEnds(observation: Observation): Violation[] {
  return [
    ...checkDeliveries(observation),
    ...checkDelays(observation),
    ...observation.moves.flatMap(({ deliveryId, from, to }) =>
      legalMoves[from].includes(to)
        ? []
        : [{ invariant: 'an illegal change of state', text: `${deliveryId}: ${from} to ${to}` }],
    ),
    ...observation.operations.flatMap((row) => checkOperation(observation, row)),
    ...observation.history.rules.flatMap((rule) => checkAlerts(observation, rule)),
    ...observation.crashes.map((text) => ({ invariant: 'an error that no fault explains', text })),
    ...observation.deserted.map((text) => ({ invariant: 'a process ends because a store is lost', text })),
  ]
}

function checkDeliveries(observation: Observation): Violation[] {
  const { deliveries, responses, faults } = observation
  const healedMs = Math.max(observation.healedMs, ...faults.map(({ atMs }) => atMs + times.late))
  const ids = new Set(deliveries.map(({ deliveryId }) => deliveryId))
  const lost = responses.filter(({ deliveryId }) => deliveryId !== null && !ids.has(deliveryId))
  return [
    ...lost.map(({ subject }) => ({ invariant: 'an accepted delivery is lost', text: subject })),
    ...deliveries.flatMap((row) => {
      if (!isFinished(row.state))
        return isHeld(observation, row)
          ? []
          : [{ invariant: 'a delivery never ends', text: `${row.deliveryId} ${row.state}` }]
      const isLate = (row.finishedAtMs ?? 0) > healedMs + settledWithinMs
      return isLate ? [{ invariant: 'a delivery ends late', text: row.deliveryId }] : []
    }),
  ]
}

/** The sweeper finds what the queue lost soon after the last fault, where nothing but the queue was disturbed. */
function checkDelays({ deliveries, attempts, faults, responses }: Observation): Violation[] {
  const isQueueAlone = faults.every(
    ({ kind, key }) => kind.startsWith('queue') || (kind.startsWith('fail') && key.startsWith('enqueue')),
  )
  const isPaused = responses.some(({ kind }) => kind === 'pause-destination' || kind === 'pause-operation')
  if (!isQueueAlone || isPaused) return []
  const overMs = Math.max(
    0,
    ...faults.map(({ kind, atMs }) => atMs + (kind === 'queue_down' ? times.queueDown : 0)),
  )
  return deliveries.flatMap(({ deliveryId, createdAtMs, operationId, isErased }) => {
    const first = attempts.find((line) => line.deliveryId === deliveryId)
    const isLate =
      first !== undefined &&
      !isErased &&
      operationId === null &&
      first.atMs > Math.max(createdAtMs, overMs) + attemptedWithinMs
    return isLate ? [{ invariant: 'a due delivery waits too long', text: deliveryId }] : []
  })
}

/** It waits for a person. */
function isHeld(
  { destinations, operations }: Observation,
  { destinationId, operationId }: Observation['deliveries'][number],
): boolean {
  const destination = destinations.find(({ id }) => id === destinationId)
  const operation = operations.find(({ id }) => id === operationId)
  return (destination !== undefined && destination.state !== 'enabled') || operation?.state === 'paused'
}

function checkOperation(observation: Observation, row: Observation['operations'][number]): Violation[] {
  const { id, state, finishedAtMs } = row
  const lines = observation.items.filter(({ operationId }) => operationId === id)
  if (finishedAtMs === null) {
    const isWaiting = state === 'paused' || state === 'planned' || waitsForPeople(observation, lines)
    return isWaiting ? [] : [{ invariant: 'an operation never ends', text: `${id} ${state}` }]
  }
  const { matched, waiting = 0, ...settled } = observation.counts[id] ?? {}
  const sum = Object.values(settled).reduce((total, count) => total + count, waiting)
  const made = observation.deliveries.filter(({ deliveryId }) => actionOf(deliveryId) === id)
  const isResend = lines.some(({ deliveryId, sourceId }) => deliveryId !== null && deliveryId === sourceId)
  const problems = [
    sum === matched ? null : `${sum} of ${matched} members are counted`,
    waiting === 0 ? null : `${waiting} members wait although it has ended`,
    isLedger(lines) ? null : 'a member has two lines',
    isResend || made.length <= lines.length ? null : `${made.length} deliveries, ${lines.length} lines`,
    ...lines.map((line) => outcomeProblem(observation, line)),
  ]
  return problems.flatMap((text) =>
    text === null ? [] : [{ invariant: 'a ledger does not add up', text: `${id}: ${text}` }],
  )
}

function waitsForPeople(observation: Observation, lines: Observation['items']): boolean {
  return lines.some((line) => {
    const row = observation.deliveries.find(({ deliveryId }) => deliveryId === line.deliveryId)
    return row !== undefined && !isFinished(row.state) && isHeld(observation, row)
  })
}

function isLedger(lines: Observation['items']): boolean {
  const numbers = new Set(lines.map(({ number }) => number))
  const sources = lines.flatMap(({ sourceId }) => sourceId ?? [])
  return numbers.size === lines.length && new Set(sources).size === sources.length
}

/** A line says how its delivery ended, unless somebody resent the delivery later. */
function outcomeProblem(
  { deliveries, operations }: Observation,
  { deliveryId, operationId, outcome }: Observation['items'][number],
): string | null {
  const row = deliveries.find((one) => one.deliveryId === deliveryId)
  const isOwn = row?.operationId === operationId && operations.some(({ id }) => id === operationId)
  if (!row || !isOwn || outcome === 'waiting') return null
  const isRight = row.state === outcome || (outcome === 'skipped' && row.state === 'cancelled')
  return isRight ? null : `${deliveryId} is ${row.state}, and its line says ${outcome}`
}

/** A rule notifies once per crossing, and the last notification says what is true at the end. */
function checkAlerts(
  observation: Observation,
  { id, kind, siteId, threshold }: Observation['history']['rules'][number],
): Violation[] {
  const own = observation.alerts
    .filter(({ ruleId }) => ruleId === id)
    .toSorted((one, other) => one.atMs - other.atMs)
  const isTwice = own.some(({ phase }, index) => phase === own[index - 1]?.phase)
  const isTooOften =
    kind === 'dead_letters' ? isTwice : own.length > 1 && hasSameFiring(observation, own, siteId)
  const measured =
    kind === 'dead_letters'
      ? observation.deliveries.filter(
          (row) => row.siteId === siteId && row.alertRuleId === null && row.state === 'failed',
        )
      : observation.destinations.filter((row) => row.siteId === siteId && row.state === 'disabled')
  const fires = measured.length >= threshold
  const saysFiring = own.at(-1)?.phase === 'firing'
  return [
    ...(isTooOften ? [{ invariant: 'an alert fires twice', text: id }] : []),
    ...(fires === saysFiring
      ? []
      : [{ invariant: 'an alert is missing', text: `${id}: ${measured.length}` }]),
  ]
}

/** Each destination that is disabled is news once, until it is enabled again. */
function hasSameFiring(
  { received, history }: Observation,
  own: Observation['alerts'],
  siteId: number,
): boolean {
  const firing = own.filter(({ phase }) => phase === 'firing').length
  const destinations = new Set(history.destinations.flatMap((one) => (one.siteId === siteId ? [one.id] : [])))
  const gone = received.filter(({ reaction }) => reaction === 'gone').length
  return destinations.size > 0 && firing > gone
}
