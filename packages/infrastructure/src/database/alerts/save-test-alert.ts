import { formatAlert, judgeAlert } from '@ghostpost/delivery/alerts'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { alertRuleColumns, ruleOf, type AlertRuleRow } from './alert-rule-row.ts'
import { emailLeaseMs } from './alert-emails.ts'
import type { EvaluationOptions } from './evaluate-alert.ts'
import { measureAlert, readAlertCauses } from './measure-alert.ts'
import { saveAlert, type SavedAlert } from './save-alert.ts'

/**
 * Makes a marked test of a rule durable, with what is found now; the rule stays as it stands. The e-mail is left to the
 * caller to send at once. Null when the rule is gone.
 */
export async function saveTestAlert(
  database: Pick<Database, 'pool'>,
  ruleId: string,
  { dashboardUrl, sweepAfterMs }: Omit<EvaluationOptions, 'intervalMs'>,
  actor: Actor,
): Promise<SavedAlert | null> {
  return inTransaction(database, async (client) => {
    const { rows } = await client.query<AlertRuleRow>(
      `select ${alertRuleColumns} from alert_rules r join sites s on s.id = r.site_id where r.id = $1 for key share of r`,
      [ruleId],
    )
    const row = rows[0]
    if (!row) return null
    const rule = ruleOf(row)
    const measured = await measureAlert(client, rule, row.now)
    const { value } = judgeAlert(rule, measured, row.samples)
    const causes = await readAlertCauses(client, rule, measured, row.now)
    const message = formatAlert({ rule, phase: 'test', measured, value, causes, dashboardUrl })
    const object = { objectType: 'alert_rule', objectId: ruleId } as const
    await writeAudit(client, actor, { action: 'alert_rule.tested', siteId: rule.siteId, ...object })
    const notification = { at: row.now, requestedBy: actor.userId, sweepAfterMs, emailInMs: emailLeaseMs }
    return saveAlert(client, row, { message, ...notification })
  })
}
