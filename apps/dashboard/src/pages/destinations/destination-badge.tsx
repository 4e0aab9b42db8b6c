import type { DestinationView, ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { DestinationStatus } from '../../ui/status.tsx'
import { useNow } from '../../ui/time.tsx'
import { BreakerState, isRestricted } from './breaker-state.tsx'

/** In one badge: what somebody decided, and if that is that it may be sent to, how its receiver copes. */
export function DestinationBadge(props: {
  state: DestinationView['state']
  health: ReceiverHealth | undefined
}) {
  const { state, health } = props
  const now = useNow()
  if (state !== 'enabled' || !health || !isRestricted(health, now)) return <DestinationStatus state={state} />
  return <BreakerState health={health} />
}
