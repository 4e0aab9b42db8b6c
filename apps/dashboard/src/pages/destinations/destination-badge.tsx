import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { Badge } from '../../ui/status.tsx'
import { useNow } from '../../ui/time.tsx'
import { BreakerState, isRestricted } from './breaker-state.tsx'
import { deliveryHealthOf } from './delivery-health.ts'

/** Whether exports arrive at the destination; while its receiver is restricted, the restriction. */
export function DestinationBadge(props: {
  destination: Pick<DestinationView, 'state'>
  stats: DestinationStats | undefined
}) {
  const { destination, stats } = props
  const now = useNow()
  if (destination.state === 'enabled' && stats && isRestricted(stats.health, now))
    return <BreakerState health={stats.health} />
  return <Badge {...deliveryHealthOf(destination, stats)} />
}
