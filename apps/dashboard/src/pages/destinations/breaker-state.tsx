import type { ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { Badge } from '../../ui/status.tsx'
import { Time, useNow } from '../../ui/time.tsx'

/** Whether the receiver is sent less than it could be. */
export function isRestricted({ breaker, throttled_until: until }: ReceiverHealth, now: number): boolean {
  return breaker !== 'closed' || (until !== null && new Date(until).getTime() > now)
}

/** Whether the receiver is sent anything, and if not, until when. */
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
  if (breaker === 'half_open') return <Badge tone="warn" icon="retry" text="Trying again" />
  if (throttled && isRestricted(health, now)) {
    return (
      <>
        <Badge tone="warn" icon="wait" text="Asked to wait" /> <Time at={throttled} distance="only" />
      </>
    )
  }
  return <Badge tone="good" icon="check" text="Circuit closed" />
}
