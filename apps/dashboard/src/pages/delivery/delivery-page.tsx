import type { DeliveryView } from '@ghostpost/delivery/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { refreshed } from '../../live/live-state.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { DeliveryStatus } from '../../ui/status.tsx'
import { DeliveryFacts } from './delivery-facts.tsx'
import { DeliveryActions } from './delivery-actions.tsx'
import styles from './delivery-page.module.css'
import { prettyJson } from './pretty-json.ts'
import { Explanation } from './explanation.tsx'
import { Timeline } from './timeline.tsx'

const settled: ReadonlySet<DeliveryView['status']> = new Set(['delivered', 'failed', 'cancelled'])

export function DeliveryPage() {
  const { id } = useParams({ from: '/shell/deliveries/$id' })
  const delivery = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => api.readDelivery(id),
    refetchInterval: refreshed,
  })
  return (
    <Loaded query={delivery} title="Delivery">
      {(data) => <Delivery delivery={data} />}
    </Loaded>
  )
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
  const { delivery_id: id, status, ghost_vid: vid } = delivery
  const isSettled = settled.has(status)
  return (
    <>
      <PageHead
        title={`Delivery of ${vid}`}
        above={<Link to="/deliveries">Deliveries</Link>}
        heading={
          <>
            Delivery of {vid} <DeliveryStatus status={status} />
          </>
        }
      >
        <DeliveryActions delivery={delivery} isSettled={isSettled} />
      </PageHead>
      <DeliveryFacts delivery={delivery} />
      <Explanation id={id} status={status} isSettled={isSettled} />
      <section className={styles.section} aria-labelledby="attempts">
        <h2 id="attempts">Attempts</h2>
        <Timeline delivery={delivery} />
      </section>
      {delivery.payload !== null && (
        <section className={styles.section} aria-labelledby="payload">
          <h2 id="payload">Payload</h2>
          <pre className={styles.code} tabIndex={0} aria-labelledby="payload">
            {prettyJson(delivery.payload)}
          </pre>
        </section>
      )}
    </>
  )
}
