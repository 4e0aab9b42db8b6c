import { isClaimable, isFinished, isInterrupted, type Delivery, type Model } from './model.ts'
import type { Step } from './steps.ts'
import type { System } from './system/system.ts'
import { takeStep, type ModelRun } from './take-step.ts'

/** More than any delivery needs: the longest wait of a history is two days. */
const daysMax = 9

/**
 * Nothing is paused any more, and a worker attempts only what the sweeper finds: every delivery must end, and every
 * operation with its ledger complete.
 * @throws when something does not end
 */
export async function drain(run: ModelRun, system: System): Promise<void> {
  const take = (step: Step): Promise<void> => takeStep(run, system, step)
  if (run.model.isDestinationPaused) await take({ kind: 'resume destination' })
  for (const [operation, { state }] of run.model.operations.entries()) {
    if (state === 'paused') await take({ kind: 'resume operation', operation })
  }
  for (let day = 0; day < daysMax && !isSettled(run.model); day += 1) {
    for (const [operation, { hasEnded }] of run.model.operations.entries()) {
      if (!hasEnded) await take({ kind: 'feed', operation })
    }
    await attemptSwept(run, take)
    await take({ kind: 'pass', days: 1 })
  }
  if (!isSettled(run.model)) throw new Error('the sweeper does not bring every delivery to an end')
}

async function attemptSwept(run: ModelRun, take: (step: Step) => Promise<void>): Promise<void> {
  const before = run.model
  await take({ kind: 'sweep' })
  const swept = run.model.deliveries.flatMap((one, index) => {
    const wasOverdue = (before.deliveries[index]?.sweepAt ?? Infinity) <= before.now
    return wasOverdue && (isClaimable(run.model, one) || isInterrupted(run.model, one)) ? [index] : []
  })
  for (const delivery of swept) {
    await recordIfInterrupted(run, take, delivery)
    if (!isClaimable(run.model, run.model.deliveries[delivery] as Delivery)) continue
    await take({ kind: 'claim', delivery, worker: 0 })
    await take({ kind: 'record', claim: run.model.claims.length - 1, end: { to: 'delivered' } })
  }
}

async function recordIfInterrupted(
  run: ModelRun,
  take: (step: Step) => Promise<void>,
  delivery: number,
): Promise<void> {
  const { claim } = run.model.deliveries[delivery] as Delivery
  if (claim === null) return
  await take({ kind: 'claim', delivery, worker: 0 })
  await take({ kind: 'record interruption', claim, end: { to: 'retrying', days: 0, unknown: true } })
}

function isSettled({ deliveries, operations }: Model): boolean {
  const hasWork = operations.some(({ state, hasEnded }) => !hasEnded && state !== 'planned')
  return deliveries.every(isFinished) && !hasWork
}
