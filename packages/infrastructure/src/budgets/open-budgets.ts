import type { BudgetPorts } from '@ghostpost/delivery/deliver'
import type { Admission, BudgetLimits, BudgetUse } from '@ghostpost/delivery/receivers'
import { isRedisUrl } from '../config/redis-url.ts'
import type { Database } from '../database/connection/open-database.ts'
import type { Logger } from '../telemetry/logger.ts'
import { budgetLimits } from './budget-limits.ts'
import { localBudgets } from './local-budgets.ts'
import type {
  BreakerChange,
  BreakerCounts,
  BudgetCall,
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
  placeMs: number
}

export interface ReceiverBudgets extends BudgetPorts {
  read: (key: string) => Promise<BudgetReading>
  /** Over all receivers. Rejects when the store they share does not answer. */
  countBreakers: () => Promise<BreakerCounts>
  close: () => Promise<void>
}

/** Opens the budgets of receivers. While Redis is away each process goes by what it knows itself. */
export function openBudgets(options: BudgetOptions): ReceiverBudgets {
  const { url, prefix, shards, log, placeMs } = options
  const local = localBudgets(placeMs)
  const shared = isRedisUrl(url) ? redisBudgets({ url, prefix, shards, placeMs, onError: () => {} }) : local
  const limitsOf = budgetLimits(options.database, options.defaults)
  const ask = <T>(question: (store: BudgetStore) => Promise<T>): Promise<T> =>
    question(shared).catch(() => question(local))
  const callOf = async (key: string, placeId: string): Promise<BudgetCall> => ({
    key,
    placeId,
    limits: await limitsOf(key),
  })
  const reporting = new Set<Promise<void>>()
  const report = async (key: string, placeId: string, use: BudgetUse): Promise<void> => {
    const call = await callOf(key, placeId)
    const change = await ask((store) => store.report(call, use))
    logChange(log, key, change)
  }
  return {
    admit: async ({ budget, deliveryId }): Promise<Admission> => {
      const call = await callOf(budget, deliveryId)
      return ask((store) => store.admit(call))
    },
    report: ({ budget, deliveryId }, use) => {
      const one: Promise<void> = report(budget, deliveryId, use).finally(() => reporting.delete(one))
      reporting.add(one)
    },
    read: async (key) => {
      const limits = await limitsOf(key)
      return ask((store) => store.read(key, limits))
    },
    countBreakers: () => shared.countBreakers(),
    close: async () => {
      // A place that is not given back is held for a while.
      await Promise.all(reporting)
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
