import type { DeliveryView } from '@ghostpost/delivery/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { refreshMs } from '../../refresh.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { DeliveryStatus } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { DeliveryActions } from './delivery-actions.tsx'
import styles from './delivery-page.module.css'
import { prettyJson } from './pretty-json.ts'
import { Explanation } from './explanation.tsx'
import { Timeline } from './timeline.tsx'

const settled: readonly DeliveryView['status'][] = ['delivered', 'failed', 'cancelled']

export function DeliveryPage() {
  const { id } = useParams({ from: '/shell/deliveries/$id' })
  const delivery = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => api.readDelivery(id),
    refetchInterval: refreshMs,
  })
  return (
    <Loaded query={delivery} title="Delivery">
      {(data) => <Delivery delivery={data} />}
    </Loaded>
  )
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
  const { delivery_id: id, status, ghost_vid: vid } = delivery
  const isSettled = settled.includes(status)
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
      <Facts>
        <Facts.Row name="Delivery">
          <code>{id}</code> <CopyButton compact label="Copy the delivery id" text={id} />
        </Facts.Row>
        <Facts.Row name="Lead">
          <Link to="/visitors/$vid" params={{ vid }}>
            {vid}
          </Link>
        </Facts.Row>
        <Facts.Row name="Receiver">
          {delivery.webhook_type} · {delivery.receiver}
          {delivery.destination_id && (
            <>
              {' · '}
              <Link to="/destinations/$id" params={{ id: delivery.destination_id }}>
                saved destination
              </Link>
            </>
          )}
        </Facts.Row>
        <Facts.Row name="Created">
          <Time at={delivery.created_at} />
        </Facts.Row>
        {delivery.delivered_at && (
          <Facts.Row name="Delivered">
            <Time at={delivery.delivered_at} />
          </Facts.Row>
        )}
        {delivery.next_attempt_at && (
          <Facts.Row name="Next attempt">
            <Time at={delivery.next_attempt_at} />
          </Facts.Row>
        )}
        {delivery.made_from && (
          <Facts.Row name="Made from">
            <Link to="/deliveries/$id" params={{ id: delivery.made_from }}>
              another delivery
            </Link>
          </Facts.Row>
        )}
        {delivery.operation_id && (
          <Facts.Row name="Part of">
            <Link to="/operations/$id" params={{ id: delivery.operation_id }}>
              an operation
            </Link>
          </Facts.Row>
        )}
        {delivery.failure && status === 'failed' && (
          <Facts.Row name="Fails like">
            <Link to="/failures/$fingerprint" params={{ fingerprint: delivery.failure }}>
              others of its failure group
            </Link>
          </Facts.Row>
        )}
        <Facts.Row name="Contents">{contentsOf(delivery)}</Facts.Row>
      </Facts>
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

function contentsOf({ include_journey: journey, include_events: events, sample }: DeliveryView): string {
  const parts = ['profile', ...(journey ? ['journey'] : []), ...(events ? ['events'] : [])]
  return `${parts.join(', ')}${sample ? ' · a marked sample, sent to test the destination' : ''}`
}
