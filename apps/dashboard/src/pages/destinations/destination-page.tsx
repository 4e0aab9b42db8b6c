import type { DestinationView } from '@ghostpost/delivery/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { polled } from '../../live/live-state.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { DestinationStatus } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { BreakerState } from './breaker-state.tsx'
import { DestinationActions } from './destination-actions.tsx'
import { draftOf } from './destination-draft.ts'
import { useHealth } from './use-health.ts'

const mask = '••••••••'

export function DestinationPage() {
  const { id } = useParams({ from: '/shell/destinations/$id' })
  const destination = useQuery({
    queryKey: ['destination', id],
    queryFn: () => api.readDestination(id),
    refetchInterval: polled,
  })
  return (
    <Loaded query={destination} title="Destination">
      {(data) => <Destination destination={data} />}
    </Loaded>
  )
}

function Destination({ destination }: { destination: DestinationView }) {
  const { id, name, state, state_reason: reason } = destination
  return (
    <>
      <PageHead
        title={name}
        above={<Link to="/destinations">Destinations</Link>}
        heading={
          <>
            {name} <DestinationStatus state={state} />
          </>
        }
      >
        <Link to="/deliveries" search={{ destination_id: id }} className={buttonClass()}>
          Show its deliveries
        </Link>
        <DestinationActions destination={destination} />
      </PageHead>
      {state === 'paused' && (
        <Notice tone="warn">Paused{reason && `: ${reason}`}. Deliveries to it wait; none is lost.</Notice>
      )}
      {state === 'disabled' && (
        <Notice tone="bad">
          Disabled{reason && `: ${reason}`}. Exports to it are refused until somebody corrects and enables it.
        </Notice>
      )}
      <h2>Health</h2>
      <Health id={id} />
      <h2>Settings</h2>
      <Settings destination={destination} />
    </>
  )
}

function Health({ id }: { id: string }) {
  const { data: health, error } = useHealth(id)
  if (error && !health)
    return <Notice tone="warn">How its receiver copes is not known now: {error.message}</Notice>
  if (!health) return <p aria-busy="true">Asking …</p>
  return (
    <Facts>
      <Facts.Row name="Circuit breaker">
        <BreakerState health={health} />
      </Facts.Row>
      <Facts.Row name="Requests under way">
        {health.in_flight} of at most {health.concurrency_now} at present
      </Facts.Row>
      <Facts.Row name="Mean time to its answer">{Math.round(health.mean_duration_ms)} ms</Facts.Row>
    </Facts>
  )
}

function Settings({ destination }: { destination: DestinationView }) {
  const draft = draftOf(destination)
  const { header_names: names, credentials, signing_secrets: secrets } = destination
  return (
    <Facts>
      <Facts.Row name="Kind">{destination.webhook_type}</Facts.Row>
      <Facts.Row name="Address">
        {destination.receiver}/{mask}
      </Facts.Row>
      <Facts.Row name="Headers">
        {names.length === 0 ? 'none' : names.map((name) => `${name}: ${mask}`).join(', ')}
      </Facts.Row>
      <Facts.Row name="Credentials">
        {credentials === null ? 'none' : `${credentials.replaceAll('_', ' ')}: ${mask}`}
      </Facts.Row>
      <Facts.Row name="Signing secrets">
        {secrets === 0 ? 'none' : `${mask} (${secrets === 1 ? 'one' : `${secrets}, during a change-over`})`}
      </Facts.Row>
      <Facts.Row name="Retry schedule">{draft.schedule || 'the installation’s'}</Facts.Row>
      <Facts.Row name="Rate limit">{draft.rate || 'none'}</Facts.Row>
      <Facts.Row name="Requests at once, at most">{draft.concurrency || 'the installation’s'}</Facts.Row>
      <Facts.Row name="Changed">
        <Time at={destination.updated_at} />
      </Facts.Row>
    </Facts>
  )
}
