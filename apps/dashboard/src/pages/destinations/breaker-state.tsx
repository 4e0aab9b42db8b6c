import type { ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { Badge } from '../../ui/status.tsx'
import { Time, useNow } from '../../ui/time.tsx'

/** Whether the circuit breaker or a Retry-After restricts requests to the receiver. */
export function isRestricted({ breaker, throttled_until: until }: ReceiverHealth, now: number): boolean {
  return breaker !== 'closed' || (until !== null && new Date(until).getTime() > now)
}

function TriedAgain({ at }: { at: string }) {
  return (
    <>
      until <Time at={at} distance={false} />, tried again <Time at={at} distance="only" />
    </>
  )
}

/** The circuit breaker's state, or until when the receiver asked to wait. */
export function BreakerState({ health }: { health: ReceiverHealth }) {
  const now = useNow()
  const { breaker, open_until: open, throttled_until: throttled } = health
  if (breaker === 'open') {
    return (
      <>
        <Badge tone="bad" icon="stop" text="Circuit open" /> {open && <TriedAgain at={open} />}
      </>
    )
  }
  if (breaker === 'half_open') return <Badge tone="warn" icon="retry" text="Circuit half-open" />
  if (throttled && isRestricted(health, now)) {
    return (
      <>
        <Badge tone="warn" icon="wait" text="Throttled" /> <TriedAgain at={throttled} />
      </>
    )
  }
  return <Badge tone="good" icon="check" text="Circuit closed" />
}
