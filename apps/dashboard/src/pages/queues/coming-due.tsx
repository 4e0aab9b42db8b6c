import type { LaneBacklog } from '@ghostpost/delivery/contract/system'
import { formatDuration } from '../../ui/format-time.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import styles from './coming-due.module.css'

const minuteMs = 60_000

/** How many delayed deliveries of each lane become due in each period, with a bar. */
export function ComingDue({ lanes }: { lanes: readonly LaneBacklog[] }) {
  const largest = Math.max(1, ...lanes.flatMap(({ coming }) => coming.map(({ count }) => count)))
  return (
    <div className={styles.lanes}>
      {lanes.map(({ lane, coming }) => (
        <section key={lane} className={styles.lane} aria-label={`Coming due: ${lane}`}>
          <h3>{lane}</h3>
          <dl>
            {coming.map(({ within_minutes: within, count }) => (
              <div key={within ?? 'later'}>
                <dt>{within === null ? 'later' : `within ${formatDuration(within * minuteMs)}`}</dt>
                <dd className={styles.count}>{formatNumber(count)}</dd>
                <dd aria-hidden="true" className={styles.track}>
                  <svg width="100%" height="10">
                    <rect width={`${(count / largest) * 100}%`} height="10" rx="3" />
                  </svg>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}
