import { attemptWithinBudget, type BudgetedResult, type DeliveryJob } from '@ghostpost/delivery/deliver'
import { repeatEvery, StoreLost, times, type Life } from '../processes/index.ts'
import { findExpiredPayloads, sweepAgain, sweepDue } from '../stores/index.ts'
import { attemptPorts } from './attempt-ports.ts'
import { evaluateAlerts } from './evaluate-alerts.ts'
import { feedOperations } from './feed-operations.ts'
import { callDatabase, enqueue, type Installation } from './installation.ts'
import { attemptSettings, periods, workerSlots } from './settings.ts'

/** The program of a worker: takes jobs, sweeps, feeds operations, evaluates alert rules, prunes. */
export function runWorker(installation: Installation, life: Life): void {
  const { queue, world } = installation
  const onError = (error: unknown): void => reportError(installation, life, error)
  queue.consume(life, workerSlots, (job) => handleJob(installation, life, job).catch(onError))
  const tasks: [number, () => Promise<void>][] = [
    [periods.sweepMs, () => sweepOverdue(installation, life)],
    [periods.feedMs, () => feedOperations(installation, life)],
    [periods.alertsMs, () => evaluateAlerts(installation, life)],
    [periods.pruneMs, () => prune(installation, life)],
  ]
  for (const [everyMs, task] of tasks) void repeatEvery(life, everyMs, task, onError)
  life.onStop(() => void endWhenIdle(installation, life, world.scheduler.nowMs() + periods.stopMs))
}

/** A lost store is expected. Every other error is one of the code. */
function reportError({ world, deserted }: Installation, life: Life, error: unknown): void {
  if (!(error instanceof StoreLost)) world.crashes.push(String(error))
  else if (world.hasBug('store-error-ends-process')) {
    deserted.push(life.process)
    life.abandon()
  }
}

async function endWhenIdle({ queue, world }: Installation, life: Life, untilMs: number): Promise<void> {
  while (queue.activeOf(life) > 0 && world.scheduler.nowMs() < untilMs) await life.pause(100)
  life.kill()
}

async function handleJob(installation: Installation, life: Life, job: DeliveryJob): Promise<void> {
  const { queue, settlements } = installation
  if (life.isStopping()) return queue.again(job, life, 0)
  const ports = attemptPorts(installation, life, job.deliveryId)
  try {
    const result = await attemptWithinBudget(job, ports, attemptSettings, life.isStopping)
    if (result.kind === 'wait') return queue.again(job, life, result.waitMs)
    if (result.kind === 'released') return queue.again(job, life, 0)
    await life.call('finish', job.deliveryId, () => {
      queue.finish(job, life)
      if (result.kind === 'settled') settlements.publish(settlementOf(installation, result))
    })
  } catch (error) {
    queue.again(job, life, times.restart)
    throw error
  }
}

function settlementOf(
  { world }: Installation,
  { settlement }: Extract<BudgetedResult, { kind: 'settled' }>,
): typeof settlement {
  return world.hasBug('settled-is-delivered')
    ? { ...settlement, state: 'delivered', deliveredAt: '2026-01-01T00:00:00.000Z' }
    : settlement
}

async function sweepOverdue(installation: Installation, life: Life): Promise<void> {
  const { database, world } = installation
  const overdue = await callDatabase(life, 'sweep', life.process, (transaction) =>
    sweepDue(database, transaction),
  )
  const enqueued = await Promise.all(
    overdue.map(async (due) => ({
      due,
      isEnqueued: await enqueue(installation, life, due, { overdue: true }),
    })),
  )
  const failed = enqueued.flatMap(({ due, isEnqueued }) => (isEnqueued ? [] : [due]))
  if (failed.length === 0 || world.hasBug('sweeper-backs-off')) return
  await callDatabase(life, 'sweep-again', life.process, (transaction) =>
    sweepAgain(database, failed, transaction),
  )
}

async function prune({ database, world }: Installation, life: Life): Promise<void> {
  const remove = (ids: readonly string[]) => (transaction: Parameters<typeof findExpiredPayloads>[1]) => {
    for (const id of ids) database.payloads.delete(id, transaction)
  }
  if (!world.hasBug('prune-checks-then-deletes'))
    return callDatabase(life, 'prune', life.process, (transaction) =>
      remove(findExpiredPayloads(database, transaction))(transaction),
    )
  const found = await callDatabase(life, 'find-expired', life.process, (transaction) =>
    findExpiredPayloads(database, transaction),
  )
  await callDatabase(life, 'prune', life.process, remove(found))
}
