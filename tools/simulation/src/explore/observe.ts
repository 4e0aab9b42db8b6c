import { countsOf } from '@ghostpost/delivery/operations'
import type { Observation } from '../checker/index.ts'
import type { Callers, Installation } from '../installation/index.ts'
import { itemsOf, runStatement, type MemoryDatabase, type Transaction } from '../stores/index.ts'

/** Reads what can be seen of a run. */
export function observe(
  { world, database, receivers, deserted }: Installation,
  { responses }: Callers,
  run: Pick<Observation, 'history' | 'startMs' | 'healedMs'>,
): Observation {
  return runStatement((transaction) => ({
    ...run,
    endMs: world.scheduler.nowMs(),
    responses,
    received: receivers.log,
    faults: world.faults,
    deliveries: database.deliveries.all(transaction),
    attempts: database.attempts.all(transaction).flat(),
    moves: database.moves,
    payloads: database.payloads.all(transaction).map(({ deliveryId }) => deliveryId),
    visitors: database.visitors.all(transaction),
    destinations: database.destinations.all(transaction),
    operations: database.operations.all(transaction),
    counts: countsOfAll(database, transaction),
    items: database.items.all(transaction),
    alerts: database.alerts.all(transaction),
    crashes: world.crashes,
    deserted,
  }))
}

/** The counts of operations as the API shows them. */
function countsOfAll(database: MemoryDatabase, transaction: Transaction): Observation['counts'] {
  const forgetsState = database.hasBug('cancelled-members-uncounted')
  const operations = database.operations.all(transaction).map((row) => {
    const outcomes: Record<string, number> = {}
    for (const { outcome } of itemsOf(database, row.id, transaction))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const state = forgetsState ? 'running' : row.state
    return [row.id, countsOf({ ...row, state, outcomes })] as const
  })
  return Object.fromEntries(operations)
}
