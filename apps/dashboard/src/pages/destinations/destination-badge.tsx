import type { DestinationView, ReceiverHealth } from '@ghostpost/delivery/contract/destination'
import { DestinationStatus } from '../../ui/status.tsx'
import { useNow } from '../../ui/time.tsx'
import { BreakerState, isRestricted } from './breaker-state.tsx'

/** The state of the destination; while it is enabled and its receiver is restricted, the restriction. */
export function DestinationBadge(props: {
  state: DestinationView['state']
  health: ReceiverHealth | undefined
}) {
  const { state, health } = props
  const now = useNow()
  if (state !== 'enabled' || !health || !isRestricted(health, now)) return <DestinationStatus state={state} />
  return <BreakerState health={health} />
}
