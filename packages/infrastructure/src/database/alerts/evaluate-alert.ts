import {
  decideAlert,
  judgeAlert,
  tellAlert,
  type AlertDecision,
  type AlertFinding,
  type AlertRule,
  type Measurement,
} from '@ghostpost/delivery/alerts'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { alertRuleColumns, ruleOf, standingOf, type AlertRuleRow } from './alert-rule-row.ts'
import { measureAlert, readAlertCauses } from './measure-alert.ts'
import { saveAlert, type SavedAlert } from './save-alert.ts'

export interface EvaluationOptions {
  /** How long until the same rule is looked at again. */
  intervalMs: number
  sweepAfterMs: number
  /** Without a slash at its end. */
  dashboardUrl: string
}

export type Evaluated = {
  rule: AlertRule
} & (
  | { kind: 'evaluated'; value: number | null; tell: AlertDecision['tell']; saved: SavedAlert | null }
  /** It could not be looked at; that is tried again after the interval. */
  | { kind: 'failed'; error: unknown }
)

/** A rule whose look takes longer is passed over, rather than holding up the others. */
const lookMaxMs = 5_000

// Who finds a rule locked passes it over: each is looked at by one worker at a time, on the database's clock.
const takeSql = `
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
): Promise<Evaluated | null> {
  return inTransaction(database, async (client) => {
    const { rows } = await client.query<AlertRuleRow>(takeSql)
    const row = rows[0]
    if (!row) return null
    const again = `update alert_rules set evaluate_at = now() + $2 * interval '1 ms' where id = $1`
    await client.query(again, [row.id, options.intervalMs])
    await client.query(`set local statement_timeout = ${lookMaxMs}`)
    await client.query('savepoint looking')
    try {
      return { rule: ruleOf(row), kind: 'evaluated', ...(await evaluate(client, row, options)) }
    } catch (error) {
      await client.query('rollback to savepoint looking')
      return { rule: ruleOf(row), kind: 'failed', error }
    }
  })
}

interface Outcome {
  value: number | null
  tell: AlertDecision['tell']
  saved: SavedAlert | null
}

async function evaluate(client: PoolClient, row: AlertRuleRow, options: EvaluationOptions): Promise<Outcome> {
  const rule = ruleOf(row)
  const measured = await measureAlert(client, rule, row.now)
  const finding = judgeAlert(rule, measured, row.samples)
  const decision = decideAlert(standingOf(row), finding, row.cooldown_seconds * 1_000, row.now)
  await writeDown(client, row, finding, decision)
  const { tell } = decision
  const saved = tell && (await tellPeople(client, row, { measured, finding, phase: tell }, options))
  return { value: finding.value, tell, saved }
}

const writeSql = `
  update alert_rules set state = $2, told = $3, told_at = $4, told_of = $5, last_value = $6, samples = $7, evaluated_at = now(),
    fired_at = case when $2 = 'firing' and state <> 'firing' then now() else fired_at end,
    resolved_at = case when $2 = 'resolved' and state = 'firing' then now() else resolved_at end
  where id = $1`

async function writeDown(
  client: PoolClient,
  { id }: AlertRuleRow,
  { value, samples }: AlertFinding,
  { standing }: AlertDecision,
): Promise<void> {
  const { state, told, toldAt, toldOf } = standing
  await client.query(writeSql, [id, state, told, toldAt, toldOf, value, JSON.stringify(samples)])
}

interface Found {
  measured: Measurement
  finding: AlertFinding
  phase: 'firing' | 'resolved'
}

async function tellPeople(
  client: PoolClient,
  row: AlertRuleRow,
  { measured, finding, phase }: Found,
  { dashboardUrl, sweepAfterMs }: EvaluationOptions,
): Promise<SavedAlert> {
  const rule = ruleOf(row)
  const causes = phase === 'resolved' ? [] : await readAlertCauses(client, rule, measured, row.now)
  const message = tellAlert({ rule, phase, measured, value: finding.value, causes, dashboardUrl })
  const sending = { at: row.now, requestedBy: row.created_by, sweepAfterMs, emailInMs: 0 }
  return saveAlert(client, row, { message, ...sending })
}
