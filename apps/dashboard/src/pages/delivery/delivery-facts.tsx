import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Time } from '../../ui/time.tsx'
import { deliveryLooks } from '../../ui/status.tsx'
import { formatWait } from '../deliveries/format-wait.ts'
import { formatNextAttempt } from './format-next-attempt.ts'

/** The facts of a delivery, without its attempts. */
export function DeliveryFacts({ delivery }: { delivery: DeliveryView }) {
  const { delivery_id: id, ghost_vid: vid } = delivery
  return (
    <Facts>
      <Facts.Row name="Delivery">
        <code>{id}</code> <CopyButton compact label="Copy the delivery id" text={id} />
      </Facts.Row>
      <Facts.Row name="Lead">
        <Link to="/visitors/$vid" params={{ vid }}>
          {delivery.identified_user ?? vid}
        </Link>
        {delivery.identified_user !== null && (
          <>
            {' · '}
            <code>{vid}</code>
          </>
        )}
      </Facts.Row>
      <Facts.Row name="Receiver">
        {destinationTypeLabels[delivery.webhook_type]} · {delivery.receiver}
        {delivery.destination_id && (
          <>
            {' · '}
            <Link to="/destinations/$id" params={{ id: delivery.destination_id }}>
              <DestinationName id={delivery.destination_id} siteId={delivery.siteId} />
            </Link>
          </>
        )}
      </Facts.Row>
      {delivery.record && (
        <Facts.Row name="Record">
          {delivery.record.type} · <RecordLink record={delivery.record} />
        </Facts.Row>
      )}
      <Facts.Row name="Contents">{contentsOf(delivery)}</Facts.Row>
      <Times delivery={delivery} />
      <Relations delivery={delivery} />
    </Facts>
  )
}

function DestinationName({ id, siteId }: { id: string; siteId: number }) {
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  return destinations.data?.items.find((one) => one.id === id)?.name ?? 'saved destination'
}

/** Links to pages of the CRM only over https: the address comes from its response. */
function RecordLink({ record: { id, link } }: { record: NonNullable<DeliveryView['record']> }) {
  if (link === null || !link.startsWith('https://')) return <code>{id}</code>
  return (
    <a href={link} target="_blank" rel="noreferrer">
      {id}
    </a>
  )
}

function Times({ delivery }: { delivery: DeliveryView }) {
  const times = [
    ['Created', delivery.created_at],
    ['Delivered', delivery.delivered_at],
  ] as const
  const next = delivery.next_attempt
  return (
    <>
      {times.map(
        ([name, at]) =>
          at !== null && (
            <Facts.Row key={name} name={name}>
              <Time at={at} />
            </Facts.Row>
          ),
      )}
      {next && (
        <Facts.Row name="Next attempt">
          <Time at={delivery.wait?.until ?? next.at} /> · {waitTextOf(delivery)}
          {formatNextAttempt(next)}
        </Facts.Row>
      )}
    </>
  )
}

function waitTextOf({ wait }: DeliveryView): string {
  const text = wait && formatWait(wait)
  return text === null ? '' : `${text} · `
}

/** Links to related objects. */
function Relations({
  delivery: { made_from: from, operation_id: operation, failure, status, recovered_by: recoveredBy, copies },
}: {
  delivery: DeliveryView
}) {
  return (
    <>
      {from && (
        <Facts.Row name="Created from">
          <Link to="/deliveries/$id" params={{ id: from }}>
            another delivery
          </Link>
        </Facts.Row>
      )}
      {recoveredBy && (
        <Facts.Row name="Recovered by">
          <Link to="/deliveries/$id" params={{ id: recoveredBy }}>
            a delivery made from it, which arrived
          </Link>
        </Facts.Row>
      )}
      {copies.length > 0 && (
        <Facts.Row name="Made from it">
          {copies.map((copy) => (
            <div key={copy.delivery_id}>
              <Link to="/deliveries/$id" params={{ id: copy.delivery_id }}>
                {deliveryLooks[copy.status].text}
              </Link>
              {' · '}
              <Time at={copy.created_at} />
            </div>
          ))}
        </Facts.Row>
      )}
      {operation && (
        <Facts.Row name="Operation">
          <Link to="/operations/$id" params={{ id: operation }}>
            the operation it belongs to
          </Link>
        </Facts.Row>
      )}
      {failure && status === 'failed' && (
        <Facts.Row name="Failure group">
          <Link to="/failures/$fingerprint" params={{ fingerprint: failure }}>
            dead letters with the same cause
          </Link>
        </Facts.Row>
      )}
    </>
  )
}

function contentsOf({ include_journey: journey, include_events: events, sample }: DeliveryView): string {
  const parts = ['profile', ...(journey ? ['journey'] : []), ...(events ? ['events'] : [])]
  return `${parts.join(', ')}${sample ? ' · a sample, marked as a test of the destination' : ''}`
}
