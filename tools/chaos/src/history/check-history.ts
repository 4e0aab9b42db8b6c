import { checkDelivery, type DeliveryHistory } from './check-delivery.ts'
import { checkLedger } from './check-ledger.ts'
import type { History } from './history.ts'
import type { Violation } from './violation.ts'

/** What a history contains. Every count of a violation must be 0. */
export interface HistoryReport {
  accepted: number
  delivered: number
  /** The receiver refused them for good. */
  refused: number
  /** Chats that were given up on because nobody knows whether the message arrived. */
  unknown: number
  cancelled: number
  chats: number
  /** Delivered more than once, each repeat after an attempt whose outcome is recorded as unknown. */
  markedDuplicates: number
  /** Attempts that a worker left behind and another one recorded. */
  takeovers: number
  violations: readonly Violation[]
}

/**
 * Compares what callers and receivers saw with what the database says, and all of it with the promises. It shares no
 * code with the product: the promises are written here a second time.
 */
export function checkHistory(history: History): HistoryReport {
  const deliveries = groupByDelivery(history)
  const reports = [...deliveries.values()].map((one) => checkDelivery(one))
  const count = (of: (report: (typeof reports)[number]) => boolean): number => reports.filter(of).length
  return {
    accepted: new Set(history.calls.flatMap(({ deliveryId }) => deliveryId ?? [])).size,
    delivered: count(({ end }) => end === 'delivered'),
    refused: count(({ end }) => end === 'refused'),
    unknown: count(({ end }) => end === 'unknown'),
    cancelled: count(({ end }) => end === 'cancelled'),
    chats: history.deliveries.filter(({ isChat }) => isChat).length,
    markedDuplicates: count(({ isMarkedDuplicate }) => isMarkedDuplicate),
    takeovers: history.attempts.filter(({ outcome }) => outcome === 'interrupted').length,
    violations: [
      ...reports.flatMap(({ violations }) => violations),
      ...checkKeys(history),
      ...checkUnacknowledged(history),
      ...history.ledgers.flatMap((ledger) => checkLedger(ledger, history.deliveries)),
    ],
  }
}

function groupByDelivery(history: History): Map<string, DeliveryHistory> {
  const groups = new Map<string, DeliveryHistory>()
  const groupOf = (id: string): DeliveryHistory => {
    const known = groups.get(id)
    if (known) return known
    const { interruptions } = history
    const made = {
      id,
      row: null,
      calls: [],
      resends: [],
      requests: [],
      attempts: [],
      moves: [],
      interruptions,
    }
    groups.set(id, made)
    return made
  }
  for (const row of history.deliveries) groupOf(row.id).row = row
  for (const call of history.calls) if (call.deliveryId !== null) groupOf(call.deliveryId).calls.push(call)
  for (const resend of history.resends) groupOf(resend.deliveryId).resends.push(resend)
  for (const request of history.requests) {
    if (request.deliveryId !== null) groupOf(request.deliveryId).requests.push(request)
  }
  for (const attempt of history.attempts) groupOf(attempt.deliveryId).attempts.push(attempt)
  for (const move of history.moves) groupOf(move.deliveryId).moves.push(move)
  return groups
}

/** One delivery per key, whatever the caller repeats. */
function checkKeys({ calls }: History): Violation[] {
  const idsByKey = new Map<string, Set<string>>()
  for (const { key, deliveryId } of calls) {
    if (deliveryId !== null) idsByKey.set(key, (idsByKey.get(key) ?? new Set()).add(deliveryId))
  }
  return [...idsByKey].flatMap(([key, ids]) =>
    ids.size > 1 ? [{ kind: 'two by one key', about: key, text: `it made ${[...ids].join(' and ')}` }] : [],
  )
}

/** Every call was repeated until it had a response, so a delivery that no response names came from a repeated key. */
function checkUnacknowledged({ calls, deliveries }: History): Violation[] {
  const acknowledged = new Set(calls.map(({ deliveryId }) => deliveryId))
  return deliveries.flatMap(({ id, isMember }) =>
    isMember || acknowledged.has(id)
      ? []
      : [{ kind: 'two by one key', about: id, text: 'no response names this delivery' }],
  )
}
