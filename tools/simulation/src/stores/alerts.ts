import type {
  AlertCause,
  AlertRule,
  AlertTarget,
  EvaluatedState,
  Measurement,
  NewAlert,
  SavedAlert,
  WatchedRule,
} from '@ghostpost/delivery/alerts'
import type { MemoryDatabase } from './database.ts'
import type { AlertRuleRow, DeliveryRow } from './rows.ts'
import { insertDelivery } from './save.ts'
import type { Transaction } from './table.ts'

/** Takes the rule that is due the longest, and locks it. */
export function takeDueRule(
  database: MemoryDatabase,
  intervalMs: number,
  transaction: Transaction,
): AlertRuleRow | null {
  const nowMs = database.nowMs()
  const isFree = ({ rule }: AlertRuleRow): boolean =>
    !database.alertRules.isLocked(rule.id, transaction) || database.hasBug('alerts-without-lock')
  const due = database.alertRules
    .all(transaction)
    .filter((row) => row.evaluateAtMs <= nowMs + 1 && isFree(row))
    .toSorted((one, other) => one.evaluateAtMs - other.evaluateAtMs)[0]
  if (!due) return null
  const taken = { ...due, evaluateAtMs: nowMs + intervalMs }
  // Without the lock, two workers evaluate the same rule at once.
  if (!database.hasBug('alerts-without-lock')) database.alertRules.set(due.rule.id, taken, transaction)
  return taken
}

export function watchedRuleOf({ rule, ruleState, cooldownMs }: AlertRuleRow, nowMs: number): WatchedRule {
  return { rule, ruleState, samples: [], cooldownMs, now: new Date(nowMs) }
}

export function measure(
  database: MemoryDatabase,
  rule: AlertRule,
  nowMs: number,
  transaction: Transaction,
): Measurement {
  const fromMs = nowMs - (rule.windowSeconds ?? 0) * 1_000
  const window = { from: new Date(fromMs), to: new Date(nowMs) }
  if (rule.kind === 'destination_disabled') {
    const disabled = database.destinations
      .all(transaction)
      .filter(({ siteId, state }) => siteId === rule.siteId && state === 'disabled')
    const destinations = disabled.map(({ id, receiverHost }) => {
      return { id, name: id, receiver: receiverHost, reason: null }
    })
    return { kind: 'destination_disabled', window, destinations }
  }
  const dead = deadLetters(database, rule, fromMs, transaction)
  return { kind: 'dead_letters', window, count: dead.length, capped: false }
}

function deadLetters(
  database: MemoryDatabase,
  { siteId }: AlertRule,
  fromMs: number,
  transaction: Transaction,
): DeliveryRow[] {
  return database.deliveries
    .all(transaction)
    .filter((row) => row.siteId === siteId && row.state === 'failed' && row.alertRuleId === null)
    .filter(({ finishedAtMs }) => (finishedAtMs ?? 0) > fromMs)
}

export function readCauses(
  database: MemoryDatabase,
  rule: AlertRule,
  nowMs: number,
  transaction: Transaction,
): AlertCause[] {
  const dead = deadLetters(database, rule, nowMs - (rule.windowSeconds ?? 0) * 1_000, transaction)
  const first = dead[0]
  if (!first) return []
  const { lastCause: cause, receiverHost: receiver } = first
  return [{ count: dead.length, cause, receiver, message: null, remedy: null }]
}

export function saveState(
  database: MemoryDatabase,
  id: string,
  { ruleState }: EvaluatedState,
  transaction: Transaction,
): void {
  const row = database.alertRules.get(id, transaction)
  if (row) database.alertRules.set(id, { ...row, ruleState }, transaction)
}

export function lockTarget(
  database: MemoryDatabase,
  { destinationId }: AlertRuleRow,
  transaction: Transaction,
): AlertTarget | null {
  const destination = database.destinations.get(destinationId, transaction)
  if (!destination) return null
  const { siteId, webhookType, receiverHost } = destination
  return { destinationId, siteId, webhookType, receiverHost }
}

/** @param alertId also names the delivery of the alert */
export function saveAlert(
  database: MemoryDatabase,
  { rule }: AlertRuleRow,
  alertId: string,
  { phase, delivery }: NewAlert,
  transaction: Transaction,
): SavedAlert {
  const deliveryId = delivery && alertId
  const row = { id: alertId, ruleId: rule.id, phase, atMs: database.nowMs(), deliveryId }
  database.alerts.set(alertId, row, transaction)
  if (!delivery) return { alertId, delivery: null, emails: 0 }
  const due = insertDelivery(
    database,
    {
      ...delivery.target,
      deliveryId: alertId,
      ghostVid: '',
      url: null,
      webhookKey: null,
      operationId: null,
      alertRuleId: rule.id,
    },
    transaction,
  )
  const body = delivery.payload
  database.payloads.set(alertId, { deliveryId: alertId, body, builtAtMs: database.nowMs() }, transaction)
  return { alertId, delivery: due, emails: 0 }
}
