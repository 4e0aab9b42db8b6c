import type { BudgetPorts } from '@ghostpost/delivery/deliver'
import type { Admission, BudgetLimits, BudgetReport } from '@ghostpost/delivery/receivers'
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
  /** A Redis of any kind: shared by all workers. `postgres://`: each worker keeps its own. */
  url: string
  prefix: string
  /** Over how many shards they are spread. */
  shards: number
  log: Logger
  database: Database
  /** For receivers that no saved destination says more about. */
  defaults: BudgetLimits
  /** How long a place is held for a request that is never reported. */
  slotTimeoutMs: number
}

export interface ReceiverBudgets extends BudgetPorts {
  read: (key: string) => Promise<BudgetReading>
  /** Over all receivers. Rejects when the store they share does not answer. */
  countBreakers: () => Promise<BreakerCounts>
  close: () => Promise<void>
}

/** Opens the budgets of receivers. While Redis is away each process goes by what it knows itself. */
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
    admit: async ({ budget, deliveryId }): Promise<Admission> => {
      const request = await requestOf(budget, deliveryId)
      return withFallback((store) => store.admit(request))
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
    countBreakers: () => shared.countBreakers(),
    close: async () => {
      // A place that is not given back is held for a while.
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
      'a receiver fails; its deliveries wait, spending no attempt',
    )
  if (after === 'closed') log.info({ event: 'breaker_closed', budget }, 'a receiver answers again')
}
