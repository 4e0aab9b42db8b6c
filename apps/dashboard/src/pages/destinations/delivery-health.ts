import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import type { Look } from '../../ui/status.tsx'

/** Below this share of delivered exports a destination is degraded. */
const healthyShare = 0.95

/**
 * Whether exports arrive, which is not whether the destination is switched on: green only where they do.
 * @param stats of the last 24 hours; undefined while they load
 */
export function deliveryHealthOf(
  { state }: Pick<DestinationView, 'state'>,
  stats: Pick<DestinationStats, 'delivered' | 'failed' | 'success' | 'hours'> | undefined,
): Look {
  if (state === 'paused') return { text: 'Paused', tone: 'warn', icon: 'pause' }
  if (state === 'disabled') return { text: 'Disabled', tone: 'bad', icon: 'bad' }
  if (stats === undefined) return { text: 'Enabled', tone: 'idle', icon: 'info' }
  const { delivered, failed } = stats
  const retried = stats.hours.reduce((sum, hour) => sum + hour.retried, 0)
  if (delivered + failed === 0)
    return retried === 0
      ? { text: 'Enabled · not used today', tone: 'idle', icon: 'info' }
      : { text: 'Enabled · failing', tone: 'bad', icon: 'bad' }
  if (delivered === 0) return { text: 'Enabled · failing', tone: 'bad', icon: 'bad' }
  return (stats.success ?? 1) < healthyShare
    ? { text: 'Enabled · degraded', tone: 'warn', icon: 'warn' }
    : { text: 'Enabled · delivering', tone: 'good', icon: 'check' }
}
