import type { ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import type { BudgetReading } from '@ghostpost/infrastructure/budgets'

export function healthOf(reading: BudgetReading): ReceiverHealth {
  return {
    breaker: reading.breaker,
    open_until: reading.openUntil?.toISOString() ?? null,
    throttled_until: reading.blockedUntil?.toISOString() ?? null,
    in_flight: reading.inFlight,
    concurrency_now: reading.room,
    mean_duration_ms: reading.meanMs,
  }
}
