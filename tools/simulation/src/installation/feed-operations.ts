import { feedOperation, type FeedingOperation, type FeedPorts } from '@ghostpost/delivery/operations'
import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { Life } from '../processes/index.ts'
import {
  beginTransaction,
  cancelWaiting,
  listNeverBegun,
  countCanary,
  countStarted,
  findMembers,
  startMembers,
  storeProgress,
  takeOperation,
  type OperationRow,
  type Transaction,
} from '../stores/index.ts'
import { enqueue, type Installation } from './installation.ts'

/** Runs one step of an operation in one transaction, and enqueues what is due. */
export async function feedOperations(installation: Installation, life: Life): Promise<void> {
  if (!hasOperations(installation)) return
  const due = await inTransaction(life, 'feed', async (transaction) => {
    const row = await life.call('take-operation', life.process, () =>
      takeOperation(installation.database, transaction),
    )
    if (row === null) return []
    const ports = feedPorts(installation, life, row, transaction)
    return feedOperation(feedingOf(installation, row), ports)
  })
  await Promise.all(due.map((one) => enqueue(installation, life, one, { overdue: true })))
}

/** Asks nothing of the database while no operation runs, so that a history without operations has fewer events. */
function hasOperations({ database }: Installation): boolean {
  const transaction = beginTransaction()
  const open = database.operations.all(transaction).some(({ finishedAtMs, state }) => {
    return finishedAtMs === null && state !== 'planned'
  })
  transaction.rollback()
  return open
}

/** A transaction of several statements. It is rolled back when the process ends or a statement fails. */
export async function inTransaction<T>(
  life: Life,
  name: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const transaction = beginTransaction()
  const forget = life.onEnd(() => transaction.rollback())
  try {
    const result = await work(transaction)
    await life.call('commit', `${name} ${life.process}`, () => transaction.commit())
    return result
  } finally {
    forget()
    transaction.rollback()
  }
}

function feedingOf({ database }: Installation, row: OperationRow): FeedingOperation {
  const state = row.state === 'cancelled' ? 'cancelled' : 'running'
  return { ...row, state, creditMs: database.nowMs() - row.pacedAtMs }
}

function feedPorts(
  { database, world }: Installation,
  life: Life,
  row: OperationRow,
  transaction: Transaction,
): FeedPorts {
  const { id } = row
  const call = <T>(port: string, effect: (current: Transaction) => T): Promise<T> =>
    life.call(port, id, () => effect(transaction))
  const update = (changes: (current: OperationRow) => OperationRow): Promise<void> =>
    call('store-operation', () => {
      const current = database.operations.get(id, transaction)
      if (current) database.operations.set(id, changes(current), transaction)
    })
  return {
    countStarted: () => call('count-started', () => countStarted(database, id, transaction)),
    countCanary: () => call('count-canary', () => countCanary(database, id, transaction)),
    storeCanary: (verdict) =>
      update((current) => ({
        ...current,
        canary: verdict.canary,
        state: verdict.canary === 'failed' ? 'paused' : current.state,
      })),
    findMembers: (cursor, limit) =>
      call('find-members', () => findMembers(database, row, cursor, limit, transaction)),
    startMembers: (members, fed) =>
      world.hasBug('members-start-at-once')
        ? startAtOnce(life, id, (own) => startMembers(database, row, members, fed, own))
        : call('start-members', () => startMembers(database, row, members, fed, transaction)),
    storeProgress: (progress) =>
      call('store-progress', () => storeProgress(database, id, progress, transaction)),
    listNeverBegun: (members, fed) =>
      call('list-never-begun', () => listNeverBegun(database, row, members, fed, transaction)),
    cancelWaiting: (limit) => call('cancel-waiting', () => cancelWaiting(database, id, limit, transaction)),
    finish: (state) => update((current) => ({ ...current, state, finishedAtMs: database.nowMs() })),
  }
}

/** A planted bug: the members start in a transaction of their own. */
function startAtOnce(
  life: Life,
  id: string,
  start: (transaction: Transaction) => DueDelivery[],
): Promise<DueDelivery[]> {
  return life.call('start-members', id, () => {
    const own = beginTransaction()
    const due = start(own)
    own.commit()
    return due
  })
}
