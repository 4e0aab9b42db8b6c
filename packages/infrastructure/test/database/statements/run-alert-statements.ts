import { claimEmail, recordEmail } from '@ghostpost/infrastructure/database/alerts'
import { saveTestAlert } from '@ghostpost/infrastructure/database/alerts'
import { createTestRule, evaluateDueRule, insertDeliveries, options } from '../alerts/alert-fixtures.ts'
import type { StatementContext } from './statement-context.ts'

/** Runs every statement of `database/alerts` at least once. */
export async function runAlertStatements({
  database,
  user,
  actor,
  destinationId,
}: StatementContext): Promise<void> {
  const failing = { count: 20, state: 'failed', cause: 'receiver_error' }
  await insertDeliveries(database, user.id, { ...failing, destinationId })
  await insertDeliveries(database, user.id, { count: 5, state: 'queued', dueFor: 3_600 })
  const notified = { destinationId, emailTo: ['operator@example.com'] }
  const rate = await createTestRule(database, user.id, notified)
  await evaluateDueRule(database)
  await database.prisma.alertRule.deleteMany({ where: { id: { not: rate } } })
  await saveTestAlert(database, rate, options, actor)
  const email = await claimEmail(database)
  if (!email) throw new Error('No e-mail is due.')
  await recordEmail(database, email, { kind: 'sent', refused: 0 })
  await database.prisma.alertRule.updateMany({ data: { enabled: false } })
  for (const kind of ['dead_letters', 'queue_age', 'not_draining', 'destination_disabled'] as const) {
    const rule = await createTestRule(database, user.id, { ...notified, kind, threshold: 1 })
    await evaluateDueRule(database)
    await database.prisma.alertRule.update({ where: { id: rule }, data: { enabled: false } })
  }
}
