import type { LaneBacklog } from '@ghostpost/delivery/contract/system'
import { Link } from '@tanstack/react-router'
import { formatDuration } from '../../ui/format-time.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import styles from './coming-due.module.css'

const minuteMs = 60_000

const spans: Readonly<Record<number, string>> = { 1: '1m', 10: '10m', 60: '1h' }

/** The list of what is due until the end of a period, the next one first. */
function searchOfPeriod(lane: LaneBacklog['lane'], within: number | null): Record<string, string> {
  const due = within === null ? undefined : spans[within]
  return { lane, status: 'queued,retrying', sort: 'next_attempt', ...(due !== undefined && { due }) }
}

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
                <dd className={styles.count}>
                  {count === 0 ? (
                    0
                  ) : (
                    <Link to="/deliveries" search={searchOfPeriod(lane, within)}>
                      {formatNumber(count)}
                    </Link>
                  )}
                </dd>
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
