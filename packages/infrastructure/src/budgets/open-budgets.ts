import type { BudgetPorts } from '@ghostpost/delivery/deliver'
import type { Admission, BreakerState, BudgetLimits, BudgetReport } from '@ghostpost/delivery/receivers'
import { isRedisUrl } from '../config/redis-url.ts'
import type { Database } from '../database/connection/open-database.ts'
import type { Logger } from '../telemetry/logger.ts'
import { budgetLimits } from './budget-limits.ts'
import { localBudgets } from './local-budgets.ts'
import type {
  BreakerChange,
  BreakerCounts,
  BudgetRequest,
  BudgetReading,
  BudgetStore,
} from './receiver-budgets.ts'
import { redisBudgets } from './redis-budgets.ts'

export interface BudgetOptions {
  /** Redis of any kind: all workers share the budgets. `postgres://`: each process has local budgets. */
  url: string
  prefix: string
  /** Number of shards over which the budgets are spread. */
  shards: number
  log: Logger
  database: Database
  /** The limits where the saved destination sets none. */
  defaults: BudgetLimits
  /** When the slot of a request expires that is never reported, in milliseconds. */
  slotTimeoutMs: number
}

export interface ReceiverBudgets extends BudgetPorts {
  read: (key: string) => Promise<BudgetReading>
  /** Closes the receiver's circuit breaker. Resolves to its state before; rejects when Redis does not respond. */
  closeBreaker: (key: string) => Promise<BreakerState>
  /** Counts over all receivers. Rejects when Redis does not respond. */
  countBreakers: () => Promise<BreakerCounts>
  close: () => Promise<void>
}

/** Opens the budgets of receivers. While Redis is unavailable each process falls back to its local budgets. */
export function openBudgets(options: BudgetOptions): ReceiverBudgets {
  const { url, prefix, shards, log, slotTimeoutMs } = options
  const local = localBudgets(slotTimeoutMs)
  const shared = isRedisUrl(url)
    ? redisBudgets({ url, prefix, shards, slotTimeoutMs, onError: () => {} })
    : local
  const limitsOf = budgetLimits(options.database, options.defaults)
  const withFallback = <T>(work: (store: BudgetStore) => Promise<T>): Promise<T> =>
    work(shared).catch(() => work(local))
  const requestOf = async (key: string, slotId: string): Promise<BudgetRequest> => ({
    key,
    slotId,
    limits: await limitsOf(key),
  })
  const pendingReports = new Set<Promise<void>>()
  const report = async (key: string, slotId: string, use: BudgetReport): Promise<void> => {
    const request = await requestOf(key, slotId)
    const change = await withFallback((store) => store.report(request, use))
    logChange(log, key, change)
  }
  return {
    admit: async ({ budget, deliveryId, probe = false }): Promise<Admission> => {
      const request = await requestOf(budget, deliveryId)
      return withFallback((store) => store.admit({ ...request, probe }))
    },
    report: ({ budget, deliveryId }, use) => {
      const pending: Promise<void> = report(budget, deliveryId, use).finally(() =>
        pendingReports.delete(pending),
      )
      pendingReports.add(pending)
    },
    read: async (key) => {
      const limits = await limitsOf(key)
      return withFallback((store) => store.read(key, limits))
    },
    closeBreaker: async (key) => {
      const before = await shared.closeBreaker(key, await limitsOf(key))
      logChange(log, key, { before, after: 'closed' })
      return before
    },
    countBreakers: () => shared.countBreakers(),
    close: async () => {
      // A slot that is not freed stays occupied until it expires.
      await Promise.all(pendingReports)
      await Promise.all([shared.close(), local.close()])
    },
  }
}

function logChange(log: Logger, budget: string, { before, after }: BreakerChange): void {
  if (before === after) return
  if (after === 'open')
    log.warn(
      { event: 'breaker_opened', budget },
      'a receiver keeps failing; its deliveries wait without spending an attempt',
    )
  if (after === 'closed') log.info({ event: 'breaker_closed', budget }, 'a receiver responds again')
}
