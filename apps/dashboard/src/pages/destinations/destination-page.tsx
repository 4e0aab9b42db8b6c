import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { polled } from '../../live/live-state.ts'
import { RangeChoice } from '../../stats/range-choice.tsx'
import { StatsCharts } from '../../stats/stats-charts.tsx'
import { tellMilliseconds, tellShare } from '../../stats/tell-stats.ts'
import { useDestinationStats, useStats } from '../../stats/use-stats.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Section } from '../../ui/section.tsx'
import { DestinationStatus } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { tellNumber } from '../deliveries/tell-count.ts'
import { BreakerState } from './breaker-state.tsx'
import { DestinationActions } from './destination-actions.tsx'
import { DestinationSettings } from './destination-settings.tsx'

const rangeDefault = '24h'

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
      <Health destination={destination} />
      <Section title="Settings">
        <DestinationSettings destination={destination} />
      </Section>
    </>
  )
}

/** How it fares: now, over its last day, and over the time one chooses. */
function Health({ destination: { id, siteId } }: { destination: DestinationView }) {
  const { range = rangeDefault } = useSearch({ from: '/shell/destinations/$id' })
  const navigate = useNavigate({ from: '/destinations/$id' })
  const stats = useStats(siteId, range, id)
  const standing = useDestinationStats(siteId)
  const own = standing.data?.get(id)
  const error = standing.error ?? stats.error
  return (
    <Section
      title="Health"
      tools={
        <RangeChoice
          range={range}
          choose={(next) => void navigate({ search: next === rangeDefault ? {} : { range: next } })}
        />
      }
    >
      {error && (
        <FailureNotice error={error} retry={() => void Promise.all([standing.refetch(), stats.refetch()])} />
      )}
      {own ? <Standing id={id} own={own} /> : !error && <p aria-busy="true">Asking …</p>}
      <StatsCharts stats={stats.data} />
    </Section>
  )
}

function Standing({ id, own }: { id: string; own: DestinationStats }) {
  const { health } = own
  return (
    <Facts>
      <Facts.Row name="Circuit breaker">
        <BreakerState health={health} />
      </Facts.Row>
      <Facts.Row name="Requests under way">
        {health.in_flight} of at most {health.concurrency_now} at present
      </Facts.Row>
      <Facts.Row name="Mean time to its answer">{tellMilliseconds(health.mean_duration_ms)}</Facts.Row>
      <Facts.Row name="Success, 24 h">
        {tellShare(own.success)} · {tellNumber(own.delivered)} delivered, {tellNumber(own.failed)} given up
      </Facts.Row>
      <Facts.Row name="Waiting for it">
        {own.waiting === 0 ? (
          'nothing'
        ) : (
          <Link to="/deliveries" search={{ destination_id: id, status: 'queued,delivering,retrying' }}>
            {tellNumber(own.waiting)} not finished
          </Link>
        )}
      </Facts.Row>
      <Facts.Row name="Last delivered">
        {own.last_delivered_at ? <Time at={own.last_delivered_at} /> : 'never, as far as is kept'}
      </Facts.Row>
    </Facts>
  )
}
