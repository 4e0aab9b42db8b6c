import type { DestinationView, ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { DestinationStatus } from '../../ui/status.tsx'
import { useNow } from '../../ui/time.tsx'
import { BreakerState, isDisturbed } from './breaker-state.tsx'

/** In one badge: what somebody decided, and if that is that it may be sent to, how its receiver copes. */
export function StandingBadge(props: {
  state: DestinationView['state']
  health: ReceiverHealth | undefined
}) {
  const { state, health } = props
  const now = useNow()
  if (state !== 'enabled' || !health || !isDisturbed(health, now)) return <DestinationStatus state={state} />
  return <BreakerState health={health} />
}
