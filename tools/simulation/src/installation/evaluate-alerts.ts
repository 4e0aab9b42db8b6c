import { evaluateAlert, type EvaluationPorts } from '@ghostpost/delivery/alerts'
import type { Life } from '../processes/index.ts'
import {
  beginTransaction,
  lockTarget,
  measure,
  readCauses,
  saveAlert,
  saveState,
  takeDueRule,
  watchedRuleOf,
  type AlertRuleRow,
  type Transaction,
} from '../stores/index.ts'
import { inTransaction } from './feed-operations.ts'
import { enqueue, type Installation } from './installation.ts'
import { attemptSettings, periods } from './settings.ts'

/** Evaluates the due alert rules, each in one transaction, and enqueues the notifications. */
export async function evaluateAlerts(installation: Installation, life: Life): Promise<void> {
  while (hasDueRules(installation)) {
    const evaluated = await evaluateDueRule(installation, life)
    if (evaluated === null) return
    const delivery = evaluated.saved?.delivery
    if (delivery) await enqueue(installation, life, delivery)
  }
}

function hasDueRules({ database }: Installation): boolean {
  const transaction = beginTransaction()
  const isDue = database.alertRules.all(transaction).some((row) => row.evaluateAtMs <= database.nowMs() + 1)
  transaction.rollback()
  return isDue
}

function evaluateDueRule(
  installation: Installation,
  life: Life,
): Promise<Awaited<ReturnType<typeof evaluateAlert>> | null> {
  const { database } = installation
  return inTransaction(life, 'alerts', async (transaction) => {
    const row = await life.call('take-rule', life.process, () =>
      takeDueRule(database, periods.alertsMs, transaction),
    )
    if (row === null) return null
    const ports = evaluationPorts(installation, life, row, transaction)
    return evaluateAlert(watchedRuleOf(row, database.nowMs()), ports, attemptSettings.publicUrl)
  })
}

function evaluationPorts(
  { database, world }: Installation,
  life: Life,
  row: AlertRuleRow,
  transaction: Transaction,
): EvaluationPorts {
  const { id } = row.rule
  const call = <T>(port: string, effect: () => T): Promise<T> => life.call(port, id, effect)
  return {
    measure: (rule, now) => call('measure', () => measure(database, rule, now.getTime(), transaction)),
    readCauses: (rule, _measured, now) =>
      call('read-causes', () => readCauses(database, rule, now.getTime(), transaction)),
    lockTarget: () => call('lock-target', () => lockTarget(database, row, transaction)),
    saveAlert: (alert) =>
      call('save-alert', () => {
        const alertId = `alert-${id}-${database.nowMs()}-${life.process}`
        if (!world.hasBug('alert-saved-at-once')) return saveAlert(database, row, alertId, alert, transaction)
        const own = beginTransaction()
        const saved = saveAlert(database, row, alertId, alert, own)
        own.commit()
        return saved
      }),
    saveState: (evaluated) =>
      call('save-state', () => {
        if (!world.hasBug('alert-state-not-saved')) saveState(database, id, evaluated, transaction)
      }),
  }
}
