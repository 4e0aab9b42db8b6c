import type { SystemView } from '@ghostpost/delivery/contract'
import { tellDuration } from '../../ui/tell-time.ts'
import { tellNumber } from '../deliveries/tell-count.ts'
import styles from './retries-due.module.css'

type Retries = SystemView['backlog']['retries']

const minute = 60_000

/** How many retries come due when, as numbers with a bar beside each. */
export function RetriesDue({ retries }: { retries: Retries }) {
  const most = Math.max(1, ...retries.map(({ count }) => count))
  return (
    <dl className={styles.list}>
      {retries.map(({ within_minutes: within, count }) => (
        <div key={within ?? 'later'}>
          <dt>{within === null ? 'later' : `within ${tellDuration(within * minute)}`}</dt>
          <dd className={styles.count}>{tellNumber(count)}</dd>
          <dd aria-hidden="true" className={styles.track}>
            <svg width="100%" height="10">
              <rect width={`${(count / most) * 100}%`} height="10" rx="3" />
            </svg>
          </dd>
        </div>
      ))}
    </dl>
  )
}
