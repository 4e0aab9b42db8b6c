import type { DueDelivery } from '@ghostpost/delivery/deliver'
import type { Life, SupervisedProcess, World } from '../processes/index.ts'
import {
  runStatement,
  type MemoryDatabase,
  type MemoryQueue,
  type Receivers,
  type Transaction,
} from '../stores/index.ts'
import type { Settlements } from './settlements.ts'

/** The stores, which outlive the processes, and the processes. */
export interface Installation {
  world: World
  database: MemoryDatabase
  queue: MemoryQueue
  receivers: Receivers
  settlements: Settlements
  apis: readonly SupervisedProcess[]
  workers: readonly SupervisedProcess[]
  /** Processes that ended without a fault. */
  deserted: string[]
}

/** A statement as a port: one call of the database by a process. */
export function callDatabase<T>(
  life: Life,
  port: string,
  subject: string,
  statement: (transaction: Transaction) => T,
): Promise<T> {
  return life.call(port, subject, () => runStatement(statement))
}

/** The port `Enqueue`: never throws; false when the queue did not take the job. */
export async function enqueue(
  { queue }: Pick<Installation, 'queue'>,
  life: Life,
  due: DueDelivery,
  options: { delayMs?: number; overdue?: boolean } = {},
): Promise<boolean> {
  try {
    return await life.call('enqueue', due.deliveryId, () => queue.enqueue(due, options))
  } catch {
    return false
  }
}
