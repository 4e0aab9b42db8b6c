import type { LaneBacklog, SystemView } from '@ghostpost/delivery/contract/system'
import { formatDuration } from '../../ui/format-time.ts'

type Draining = LaneBacklog['draining']

/** How long a lane needs to become empty, or why it does not. */
export function formatDrain({
  state,
  per_minute: perMinute,
  seconds_low: low,
  seconds_high: high,
}: Draining): string {
  switch (state) {
    case 'idle':
      return 'nothing waits'
    case 'held':
      return 'not draining: paused'
    case 'no_worker':
      return 'not draining: no worker is running'
    case 'growing':
      return perMinute === 0
        ? 'not draining: as many arrive as are sent'
        : `not draining: +${perMinute} a minute`
    case 'unknown':
      return 'unknown: nothing was sent recently'
    case 'draining':
      return formatSpan(low ?? 0, high ?? 0)
  }
}

/** The same for a lane: one whose deliveries all wait for their receivers is not empty. */
export function formatLane({ draining, held_by_receiver: held }: LaneBacklog): string {
  return draining.state === 'idle' && held > 0 ? 'nothing is due' : formatDrain(draining)
}

/** Formats a range as `about 2 min`, or as `2 min to 5 min` when both ends differ much. */
function formatSpan(low: number, high: number): string {
  const [best, worst] = [formatDuration(low * 1_000), formatDuration(high * 1_000)]
  return best === worst || high < low * 1.5 ? `about ${worst}` : `${best} to ${worst}`
}

const order: readonly Draining['state'][] = ['draining', 'unknown', 'growing', 'held', 'no_worker']

/** The lane that takes longest to become empty; null when all lanes are empty. */
export function slowestLane({ lanes }: SystemView['backlog']): LaneBacklog | null {
  const waiting = lanes.filter(({ draining }) => draining.state !== 'idle')
  return waiting.toSorted((one, other) => rank(other) - rank(one))[0] ?? null
}

function rank({ draining }: LaneBacklog): number {
  return order.indexOf(draining.state) * 1e9 + (draining.seconds_high ?? 0)
}
