import { limitOfHost, traitsOf, type WebhookType } from '@ghostpost/delivery/destinations'
import {
  destinationOfBudget,
  hostOfBudget,
  intervalOf,
  type BudgetLimits,
} from '@ghostpost/delivery/receivers'
import type { Database } from '../database/connection/open-database.ts'

/** How long a changed limit of a destination may take to apply, in milliseconds. */
const cacheMs = 3_000
const cachedMax = 10_000

interface LimitsRow {
  webhook_type: WebhookType
  concurrency: number | null
  rate_requests: number | null
  rate_seconds: number | null
}

interface CachedLimits {
  limits: Promise<BudgetLimits>
  untilMs: number
}

/**
 * Reads the limits of a budget's key: the saved destination's, else the rate that the tool publishes, else the
 * installation's. Never rejects.
 */
export function budgetLimits(
  database: Database,
  defaults: BudgetLimits,
): (key: string) => Promise<BudgetLimits> {
  const cache = new Map<string, CachedLimits>()
  return async (key) => {
    const id = destinationOfBudget(key)
    if (id === null) return withRate(defaults, limitOfHost(hostOfBudget(key)))
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
        webhook_type,
        concurrency,
        rate_requests,
        rate_seconds
      from destinations
      where id = $1`,
    values: [id],
  })
  const row = rows[0]
  if (!row) return defaults
  const { rate_requests: requests, rate_seconds: per_seconds } = row
  const own = requests === null || per_seconds === null ? null : { requests, per_seconds }
  const limits = withRate(defaults, own ?? traitsOf(row.webhook_type).suggestedRateLimit)
  return { ...limits, concurrency: row.concurrency ?? defaults.concurrency }
}

function withRate(limits: BudgetLimits, rate: ReturnType<typeof limitOfHost>): BudgetLimits {
  return rate === null ? limits : { ...limits, intervalMs: intervalOf(rate.requests, rate.per_seconds) }
}
