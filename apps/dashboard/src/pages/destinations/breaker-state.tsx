import type { ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { Badge } from '../../ui/status.tsx'
import { Time, useNow } from '../../ui/time.tsx'

/** Whether the circuit breaker or a Retry-After restricts requests to the receiver. */
export function isRestricted({ breaker, throttled_until: until }: ReceiverHealth, now: number): boolean {
  return breaker !== 'closed' || (until !== null && new Date(until).getTime() > now)
}

/** The circuit breaker's state, or until when the receiver asked to wait. */
export function BreakerState({ health }: { health: ReceiverHealth }) {
  const now = useNow()
  const { breaker, open_until: open, throttled_until: throttled } = health
  if (breaker === 'open') {
    return (
      <>
        <Badge tone="bad" icon="stop" text="Circuit open" /> {open && <Time at={open} distance="only" />}
      </>
    )
  }
  if (breaker === 'half_open') return <Badge tone="warn" icon="retry" text="Circuit half-open" />
  if (throttled && isRestricted(health, now)) {
    return (
      <>
        <Badge tone="warn" icon="wait" text="Throttled" /> <Time at={throttled} distance="only" />
      </>
    )
  }
  return <Badge tone="good" icon="check" text="Circuit closed" />
}
