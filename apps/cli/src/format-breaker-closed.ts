interface BreakerClosed {
  breaker_before: string
  enqueued: number
}

/** What closing a circuit breaker did. */
export function formatBreakerClosed({ breaker_before: before, enqueued }: BreakerClosed): string {
  const count = enqueued === 1 ? '1 delivery is' : `${enqueued} deliveries are`
  return `The circuit breaker was ${before.replace('_', ' ')}. ${count} tried now.`
}
