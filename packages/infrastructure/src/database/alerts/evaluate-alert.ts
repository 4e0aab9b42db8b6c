import {
  decideAlert,
  judgeAlert,
  formatAlert,
  type AlertDecision,
  type AlertEvaluation,
  type AlertRule,
  type Measurement,
} from '@ghostpost/delivery/alerts'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { alertRuleColumns, ruleOf, ruleStateOf, type AlertRuleRow } from './alert-rule-row.ts'
import { measureAlert, readAlertCauses } from './measure-alert.ts'
import { saveAlert, type SavedAlert } from './save-alert.ts'

export interface EvaluationOptions {
  /** How long until the same rule is looked at again. */
  intervalMs: number
  sweepAfterMs: number
  /** Without a slash at its end. */
  dashboardUrl: string
}

export type EvaluationResult = {
  rule: AlertRule
} & (
  | { kind: 'evaluated'; value: number | null; notify: AlertDecision['notify']; saved: SavedAlert | null }
  /** It could not be looked at; that is tried again after the interval. */
  | { kind: 'failed'; error: unknown }
)

/** A rule whose look takes longer is passed over, rather than holding up the others. */
const evaluationTimeoutMs = 5_000

// Who finds a rule locked passes it over: each is looked at by one worker at a time, on the database's clock.
const claimRuleSql = `
  select ${alertRuleColumns} from alert_rules r join sites s on s.id = r.site_id
  where r.enabled and r.evaluate_at <= now() + interval '1 ms' order by r.evaluate_at limit 1 for update of r skip locked`

/**
 * Looks at the rule that is due the longest, moves it on, and makes durable what is to be told of it: all in one
 * transaction, so that whoever dies meanwhile, people are told once.
 * @returns null when no rule is due
 */
export async function evaluateAlert(
  database: Pick<Database, 'pool'>,
  options: EvaluationOptions,
): Promise<EvaluationResult | null> {
  return inTransaction(database, async (client) => {
    const { rows } = await client.query<AlertRuleRow>(claimRuleSql)
    const row = rows[0]
    if (!row) return null
    const rescheduleSql = `update alert_rules set evaluate_at = now() + $2 * interval '1 ms' where id = $1`
    await client.query(rescheduleSql, [row.id, options.intervalMs])
    await client.query(`set local statement_timeout = ${evaluationTimeoutMs}`)
    await client.query('savepoint looking')
    try {
      return { rule: ruleOf(row), kind: 'evaluated', ...(await evaluate(client, row, options)) }
    } catch (error) {
      await client.query('rollback to savepoint looking')
      return { rule: ruleOf(row), kind: 'failed', error }
    }
  })
}

interface EvaluationOutcome {
  value: number | null
  notify: AlertDecision['notify']
  saved: SavedAlert | null
}

async function evaluate(
  client: PoolClient,
  row: AlertRuleRow,
  options: EvaluationOptions,
): Promise<EvaluationOutcome> {
  const rule = ruleOf(row)
  const measured = await measureAlert(client, rule, row.now)
  const evaluation = judgeAlert(rule, measured, row.samples)
  const decision = decideAlert(ruleStateOf(row), evaluation, row.cooldown_seconds * 1_000, row.now)
  await storeResult(client, row, evaluation, decision)
  const { notify } = decision
  const saved =
    notify && (await saveNotification(client, row, { measured, evaluation, phase: notify }, options))
  return { value: evaluation.value, notify, saved }
}

const storeResultSql = `
  update alert_rules set state = $2, told = $3, told_at = $4, told_of = $5, last_value = $6, samples = $7, evaluated_at = now(),
    fired_at = case when $2 = 'firing' and state <> 'firing' then now() else fired_at end,
    resolved_at = case when $2 = 'resolved' and state = 'firing' then now() else resolved_at end
  where id = $1`

async function storeResult(
  client: PoolClient,
  { id }: AlertRuleRow,
  { value, samples }: AlertEvaluation,
  { ruleState }: AlertDecision,
): Promise<void> {
  const { state, notified: told, notifiedAt: toldAt, notifiedSubjects: toldOf } = ruleState
  await client.query(storeResultSql, [id, state, told, toldAt, toldOf, value, JSON.stringify(samples)])
}

interface AlertContext {
  measured: Measurement
  evaluation: AlertEvaluation
  phase: 'firing' | 'resolved'
}

async function saveNotification(
  client: PoolClient,
  row: AlertRuleRow,
  { measured, evaluation, phase }: AlertContext,
  { dashboardUrl, sweepAfterMs }: EvaluationOptions,
): Promise<SavedAlert> {
  const rule = ruleOf(row)
  const causes = phase === 'resolved' ? [] : await readAlertCauses(client, rule, measured, row.now)
  const message = formatAlert({ rule, phase, measured, value: evaluation.value, causes, dashboardUrl })
  const notification = { at: row.now, requestedBy: row.created_by, sweepAfterMs, emailInMs: 0 }
  return saveAlert(client, row, { message, ...notification })
}
