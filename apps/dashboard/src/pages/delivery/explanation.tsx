import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { Time } from '../../ui/time.tsx'
import { TryNow } from '../destinations/try-now.tsx'
import styles from './delivery-page.module.css'

interface ExplanationProps {
  id: string
  status: DeliveryView['status']
  isSettled: boolean
}

/** Why an unfinished delivery waits, the decisive reason first. */
export function Explanation({ id, status, isSettled }: ExplanationProps) {
  const explained = useQuery({
    queryKey: ['delivery', id, 'explain', status],
    queryFn: () => api.explainDelivery(id),
    enabled: !isSettled,
    refetchInterval: liveRefetchInterval,
  })
  if (isSettled || !explained.data || explained.data.reasons.length === 0) return null
  return (
    <section className={styles.reasons} aria-labelledby="why">
      <h2 id="why">Why it is waiting</h2>
      <ul>
        {explained.data.reasons.map(({ code, text, until, remedy }) => (
          <li key={code}>
            {text}
            {until && (
              <div className={styles.soft}>
                Until <Time at={until} />
              </div>
            )}
            {remedy && <div className={styles.soft}>{remedy}</div>}
            {code === 'breaker_open' && <TryNow close={() => api.closeDeliveryBreaker(id)} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
