import {
  evaluateAlert,
  testAlert,
  testBounds,
  type AlertPorts,
  type AlertRule,
  type EvaluatedAlert,
  type EvaluatedState,
  type SavedAlert,
} from '@ghostpost/delivery/alerts'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { emailLeaseMs } from './alert-emails.ts'
import { measureAlert, readAlertCauses } from './measure-alert.ts'
import { countEmails } from './count-emails.ts'
import { emailBoundsOf, lockTarget, saveAlert, type SaveAlertOptions } from './save-alert.ts'
import { selectAlertRules, watchedRuleOf, type AlertRuleRow } from './watched-rule.ts'

export interface EvaluationOptions {
  /** How long until the same rule is evaluated again. */
  intervalMs: number
  sweepAfterMs: number
  /** Without a trailing slash. */
  dashboardUrl: string
}

export type EvaluationResult = { rule: AlertRule } & (
  | ({ kind: 'evaluated' } & EvaluatedAlert)
  /** The evaluation stored nothing. It is repeated after the interval. */
  | { kind: 'failed'; error: unknown }
)

export type TestedAlert =
  | { kind: 'saved'; saved: SavedAlert }
  /** So many e-mails were sent in this hour that the test is not. */
  | { kind: 'limited'; retryAfterSeconds: number }

/** An evaluation that takes longer fails, so that it does not delay the other rules. */
const evaluationTimeoutMs = 5_000

/**
 * Evaluates the rule that is due the longest. One transaction stores its new state and its notification: if the worker
 * dies, another one evaluates the rule, and people are notified once.
 * @returns null when no rule is due
 */
export async function evaluateDueAlert(
  database: Pick<Database, 'pool'>,
  options: EvaluationOptions,
): Promise<EvaluationResult | null> {
  return inTransaction(database, async (client) => {
    const row = await takeDueRule(client, options.intervalMs)
    if (!row) return null
    const { rule } = watchedRuleOf(row)
    await client.query(`set local statement_timeout = ${evaluationTimeoutMs}`)
    await client.query('savepoint evaluation')
    try {
      return { rule, kind: 'evaluated', ...(await evaluate(client, row, options)) }
    } catch (error) {
      await client.query('rollback to savepoint evaluation')
      return { rule, kind: 'failed', error }
    }
  })
}

// `skip locked`: one worker at a time evaluates a rule, and the others take the next one.
const takeDueRuleSql = `
  ${selectAlertRules}
  where r.enabled
    and r.evaluate_at <= now() + interval '1 ms'
  order by r.evaluate_at
  limit 1
  for update of r skip locked`

const rescheduleSql = `
  update alert_rules
  set evaluate_at = now() + $2 * interval '1 ms'
  where id = $1`

async function takeDueRule(client: PoolClient, intervalMs: number): Promise<AlertRuleRow | null> {
  const { rows } = await client.query<AlertRuleRow>(takeDueRuleSql)
  const row = rows[0]
  if (!row) return null
  await client.query(rescheduleSql, [row.id, intervalMs])
  return row
}

function alertPorts(client: PoolClient, row: AlertRuleRow, options: SaveAlertOptions): AlertPorts {
  return {
    measure: (rule, now) => measureAlert(client, rule, now),
    readCauses: (rule, measured, now) => readAlertCauses(client, rule, measured, now),
    lockTarget: () => lockTarget(client, row),
    saveAlert: (alert) => saveAlert(client, row, alert, options),
  }
}

function evaluate(
  client: PoolClient,
  row: AlertRuleRow,
  { dashboardUrl, sweepAfterMs }: EvaluationOptions,
): Promise<EvaluatedAlert> {
  const ports = {
    ...alertPorts(client, row, { requestedBy: row.created_by, sweepAfterMs, emailInMs: 0 }),
    saveState: (evaluated: EvaluatedState) => saveState(client, row.id, evaluated),
  }
  return evaluateAlert(watchedRuleOf(row), ports, dashboardUrl)
}

const saveStateSql = `
  update alert_rules
  set
    state = $2,
    told = $3,
    told_at = $4,
    told_of = $5,
    last_value = $6,
    samples = $7,
    evaluated_at = now(),
    fired_at = case when $2 = 'firing' and state <> 'firing' then now() else fired_at end,
    resolved_at = case when $2 = 'resolved' and state = 'firing' then now() else resolved_at end
  where id = $1`

async function saveState(
  client: PoolClient,
  id: string,
  { ruleState, value, samples }: EvaluatedState,
): Promise<void> {
  const { state, notified, notifiedAt, notifiedSubjects } = ruleState
  const values = [id, state, notified, notifiedAt, notifiedSubjects, value, JSON.stringify(samples)]
  await client.query(saveStateSql, values)
}

const lockRuleSql = `
  ${selectAlertRules}
  where r.id = $1
  for key share of r`

/**
 * Stores a test of a rule and its audit entry. The caller sends the e-mail at once: no worker claims it before
 * `emailLeaseMs`. A test beyond a bound on e-mails is neither stored nor sent.
 * @returns null when the rule does not exist
 */
export async function saveTestAlert(
  database: Pick<Database, 'pool'>,
  ruleId: string,
  { dashboardUrl, sweepAfterMs }: Omit<EvaluationOptions, 'intervalMs'>,
  actor: Actor,
): Promise<TestedAlert | null> {
  return inTransaction(database, async (client): Promise<TestedAlert | null> => {
    const { rows } = await client.query<AlertRuleRow>(lockRuleSql, [ruleId])
    const row = rows[0]
    if (!row) return null
    if (!(await isTestWithinBounds(client, row, actor)))
      return { kind: 'limited', retryAfterSeconds: secondsToNextHour(row.now) }
    const object = { objectType: 'alert_rule', objectId: ruleId } as const
    await writeAudit(client, actor, { action: 'alert_rule.tested', siteId: row.site_id, ...object })
    const options = { requestedBy: actor.userId, sweepAfterMs, emailInMs: emailLeaseMs, isCounted: true }
    const saved = await testAlert(watchedRuleOf(row), alertPorts(client, row, options), dashboardUrl)
    return { kind: 'saved', saved }
  })
}

async function isTestWithinBounds(
  client: PoolClient,
  row: AlertRuleRow,
  { userId }: Actor,
): Promise<boolean> {
  if (row.email_to.length === 0) return true
  return countEmails(client, [...testBounds(userId, row.site_id), ...emailBoundsOf(row)])
}

const hourSeconds = 3_600

function secondsToNextHour(now: Date): number {
  return hourSeconds - (Math.floor(now.getTime() / 1_000) % hourSeconds)
}
