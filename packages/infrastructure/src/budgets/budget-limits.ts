import { destinationOfBudget, intervalOf, type BudgetLimits } from '@ghostpost/delivery/receivers'
import type { Database } from '../database/connection/open-database.ts'

/** How long a changed limit of a destination may take to apply, in milliseconds. */
const cacheMs = 3_000
const cachedMax = 10_000

interface LimitsRow {
  concurrency: number | null
  rate_requests: number | null
  rate_seconds: number | null
}

interface CachedLimits {
  limits: Promise<BudgetLimits>
  untilMs: number
}

/** Reads the limits of a budget's key: the saved destination's, else the installation's. Never rejects. */
export function budgetLimits(
  database: Database,
  defaults: BudgetLimits,
): (key: string) => Promise<BudgetLimits> {
  const cache = new Map<string, CachedLimits>()
  return async (key) => {
    const id = destinationOfBudget(key)
    if (id === null) return defaults
    const cached = cache.get(key)
    if (cached && cached.untilMs > performance.now()) return cached.limits
    const limits = readLimits(database, id, defaults).catch(() => cached?.limits ?? defaults)
    if (cache.size >= cachedMax) cache.clear()
    cache.set(key, { limits, untilMs: performance.now() + cacheMs })
    return limits
  }
}

async function readLimits({ pool }: Database, id: string, defaults: BudgetLimits): Promise<BudgetLimits> {
  const { rows } = await pool.query<LimitsRow>({
    name: 'read-limits',
    text: `
      select
        concurrency,
        rate_requests,
        rate_seconds
      from destinations
      where id = $1`,
    values: [id],
  })
  const row = rows[0]
  if (!row) return defaults
  const intervalMs =
    row.rate_requests === null || row.rate_seconds === null
      ? defaults.intervalMs
      : intervalOf(row.rate_requests, row.rate_seconds)
  return { ...defaults, intervalMs, concurrency: row.concurrency ?? defaults.concurrency }
}
