import {
  cancelOperation,
  everyItem,
  pauseOperation,
  resumeOperation,
} from '@ghostpost/infrastructure/database/operations'
import { byFilter, byIds, operationFixture } from '../operations/operation-fixtures.ts'
import type { StatementContext } from './statement-context.ts'

/** Runs every statement of `database/operations` at least once. */
export async function runOperationStatements({
  database,
  user,
  actor,
  destinationId,
}: StatementContext): Promise<void> {
  const operations = operationFixture(database, user.id)
  const ids = await operations.insertDeliveries(
    {},
    {},
    { payload: null },
    { type: 'hubspot', unknownAttempts: 1 },
  )
  const resend = await startPlan(byIds(...ids))
  await operations
    .plan('resend', byIds(...ids))
    .then(({ operation }) => operations.start(operation.operation_id))
  await operations.feed(resend)
  await operations.read(resend)
  await pauseOperation(database, resend, 'because', actor)
  await resumeOperation(database, resend, actor)
  await operations.feed(resend)
  await cancelOperation(database, resend, actor)
  await operations.feed(resend)
  await operations.ledger(resend)
  await everyItem((work) => work(database), resend, null).next()

  const failed = await operations.insertDeliveries(...Array.from({ length: 12 }, () => ({ cause: 'gone' })))
  const canary = await operations.plan('resend', byIds(...failed), { canary: true })
  await operations.start(canary.operation.operation_id)
  await operations.feed(canary.operation.operation_id)
  await operations.feed(canary.operation.operation_id)
  await database.prisma.delivery.updateMany({
    where: { operationId: canary.operation.operation_id },
    data: { attempts: 9 },
  })
  await operations.feed(canary.operation.operation_id)

  const reExport = await operations.plan('re_export', byFilter({ webhook_type: 'hubspot' }))
  await operations.start(reExport.operation.operation_id)
  await operations.feed(reExport.operation.operation_id)
  const waiting = await operations.insertDeliveries({ state: 'retrying' })
  const cancel = await operations.plan('cancel', byIds(...waiting))
  await operations.start(cancel.operation.operation_id)
  await operations.feed(cancel.operation.operation_id)
  const begun = await operations.insertDeliveries({}, {})
  const stopped = await operations.plan('resend', byIds(...begun))
  await operations.start(stopped.operation.operation_id)
  await cancelOperation(database, stopped.operation.operation_id, actor)
  await operations.feed(stopped.operation.operation_id)
  const selection = { kind: 'visitors', visitors: { score_min: 0 } } as const
  const visitors = await operations.plan('export', selection, { destinationId })
  await operations.start(visitors.operation.operation_id)
  for (let step = 0; step < 3; step += 1) await operations.feed(visitors.operation.operation_id, 60_000)

  async function startPlan(members: ReturnType<typeof byIds>): Promise<string> {
    const { operation } = await operations.plan('resend', members)
    await operations.start(operation.operation_id)
    return operation.operation_id
  }
}
