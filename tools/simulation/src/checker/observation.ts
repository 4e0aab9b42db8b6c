import type { History } from '../histories/index.ts'
import type { CallerResponse } from '../installation/index.ts'
import type { Fault } from '../processes/index.ts'
import type {
  AlertRow,
  AttemptLine,
  DeliveryRow,
  DestinationRow,
  ItemRow,
  Move,
  OperationRow,
  ReceivedRequest,
  VisitorRow,
} from '../stores/index.ts'

/** Everything that can be seen of a run from outside: the checker knows neither the stores nor the code. */
export interface Observation {
  history: History
  startMs: number
  /** The last action is over and no fault happens any more. */
  healedMs: number
  endMs: number
  /** What the callers got. */
  responses: readonly CallerResponse[]
  /** The receivers' own log, in the order of arrival. */
  received: readonly ReceivedRequest[]
  faults: readonly Fault[]
  /** What the log of deliveries shows at the end. */
  deliveries: readonly DeliveryRow[]
  attempts: readonly AttemptLine[]
  /** The changes of state, in order. */
  moves: readonly Move[]
  /** Ids of the deliveries whose payload is stored at the end. */
  payloads: readonly string[]
  visitors: readonly VisitorRow[]
  destinations: readonly DestinationRow[]
  operations: readonly OperationRow[]
  /** The counts that the API shows of each operation, by its id. */
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>
  items: readonly ItemRow[]
  alerts: readonly AlertRow[]
  /** Errors that no fault explains. */
  crashes: readonly string[]
  /** Processes that no supervisor starts again. */
  deserted: readonly string[]
}

/** A broken promise. */
export interface Violation {
  invariant: string
  text: string
}

/** The same observation, grouped by delivery. */
export interface DeliveryHistory {
  row: DeliveryRow
  /** In the order of arrival. */
  requests: readonly ReceivedRequest[]
  attempts: readonly AttemptLine[]
  /** Resends by people and operations, also those without a response. */
  replays: number
}

export function deliveryHistories(observation: Observation): DeliveryHistory[] {
  const requests = groupBy(observation.received, ({ deliveryId }) => deliveryId)
  const attempts = groupBy(observation.attempts, ({ deliveryId }) => deliveryId)
  return observation.deliveries.map((row) => ({
    row,
    requests: requests.get(row.deliveryId) ?? [],
    attempts: attempts.get(row.deliveryId) ?? [],
    replays: replaysOf(observation, row.deliveryId),
  }))
}

/** Resends by people and operations. A resend without a response may have happened. */
export function replaysOf({ responses, items }: Observation, deliveryId: string): number {
  const subject = actionOf(deliveryId)
  const byPeople = responses.filter(
    (one) => one.kind === 'resend' && one.subject === subject && one.status !== 409 && one.status !== 404,
  )
  const byOperations = items.filter((item) => item.deliveryId === deliveryId && item.sourceId === deliveryId)
  return byPeople.length + byOperations.length
}

/** The action that made a delivery: ids begin with it. */
export function actionOf(deliveryId: string): string {
  const end = deliveryId.indexOf('.')
  return end === -1 ? deliveryId : deliveryId.slice(0, end)
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** How much later than its claim an attempt may send, in milliseconds: little unless something is slow. */
export function claimToSendMs({ faults }: Observation): number {
  const isSlow = faults.some(
    ({ kind }) =>
      kind.startsWith('slow') || kind.startsWith('delay') || kind === 'late_before' || kind === 'freeze',
  )
  return isSlow ? 20_100 : 1_000
}
