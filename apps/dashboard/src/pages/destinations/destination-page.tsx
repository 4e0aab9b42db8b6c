import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { pollRefetchInterval } from '../../live/live-state.ts'
import { RangeChoice } from '../../stats/range-choice.tsx'
import { StatsCharts } from '../../stats/stats-charts.tsx'
import { formatMilliseconds, formatPercent } from '../../stats/format-stats.ts'
import { useDestinationStats, useStats } from '../../stats/use-stats.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { BreakerState } from './breaker-state.tsx'
import { DestinationBadge } from './destination-badge.tsx'
import { RecoverSince } from './recover-since.tsx'
import { DestinationActions } from './destination-actions.tsx'
import { DestinationSettings } from './destination-settings.tsx'
import { TryNow } from './try-now.tsx'

const rangeDefault = '24h'

export function DestinationPage() {
  const { id } = useParams({ from: '/shell/destinations/$id' })
  const destination = useQuery({
    queryKey: ['destination', id],
    queryFn: () => api.readDestination(id),
    refetchInterval: pollRefetchInterval,
  })
  return (
    <Loaded query={destination} title="Destination">
      {(data) => <Destination destination={data} />}
    </Loaded>
  )
}

function Destination({ destination }: { destination: DestinationView }) {
  const { id, name, state, state_reason: reason } = destination
  const stats = useDestinationStats(destination.siteId).data?.get(id)
  return (
    <>
      <PageHead
        title={name}
        above={<Link to="/destinations">Destinations</Link>}
        heading={
          <>
            {name} <DestinationBadge destination={destination} stats={stats} />
          </>
        }
      >
        <Link to="/deliveries" search={{ destination_id: id }} className={buttonClass()}>
          Show its deliveries
        </Link>
        <RecoverSince destination={destination} />
        <DestinationActions destination={destination} />
      </PageHead>
      {state === 'paused' && (
        <Notice tone="warn">Paused{reason && `: ${reason}`}. Its deliveries wait; none is lost.</Notice>
      )}
      {state === 'disabled' && (
        <Notice tone="bad">
          Disabled{reason && `: ${reason}`}. The API refuses exports to it until somebody corrects and enables
          it.
        </Notice>
      )}
      <Health destination={destination} />
      <Section title="Settings">
        <DestinationSettings destination={destination} />
      </Section>
    </>
  )
}

/** The health of the receiver now, of the last day, and of the chosen time range. */
function Health({ destination: { id, siteId } }: { destination: DestinationView }) {
  const { range = rangeDefault } = useSearch({ from: '/shell/destinations/$id' })
  const navigate = useNavigate({ from: '/destinations/$id' })
  const stats = useStats(siteId, range, id)
  const allStats = useDestinationStats(siteId)
  const ownStats = allStats.data?.get(id)
  const error = allStats.error ?? stats.error
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
        <FailureNotice error={error} retry={() => void Promise.all([allStats.refetch(), stats.refetch()])} />
      )}
      {ownStats ? <CurrentHealth id={id} ownStats={ownStats} /> : !error && <p aria-busy="true">Loading …</p>}
      <StatsCharts stats={stats.data} />
    </Section>
  )
}

function CurrentHealth({ id, ownStats }: { id: string; ownStats: DestinationStats }) {
  const { health } = ownStats
  return (
    <Facts>
      <Facts.Row name="Circuit breaker">
        <BreakerState health={health} />{' '}
        {health.breaker !== 'closed' && <TryNow close={() => api.closeDestinationBreaker(id)} />}
      </Facts.Row>
      <Facts.Row name="Requests in flight">
        {health.breaker === 'open'
          ? 'none while the circuit is open'
          : `${health.in_flight} of at most ${health.concurrency_now}`}
      </Facts.Row>
      <Facts.Row name="Mean response time">
        {health.mean_duration_ms === 0 ? 'not known' : formatMilliseconds(health.mean_duration_ms)}
      </Facts.Row>
      <Facts.Row name="Success, 24 h">
        {formatPercent(ownStats.success)} · {formatNumber(ownStats.delivered)} delivered,{' '}
        {formatNumber(ownStats.failed)} given up
      </Facts.Row>
      <Facts.Row name="Unfinished deliveries">
        {ownStats.waiting === 0 ? (
          'none'
        ) : (
          <Link to="/deliveries" search={{ destination_id: id, status: 'queued,delivering,retrying' }}>
            {formatNumber(ownStats.waiting)} waiting
          </Link>
        )}
      </Facts.Row>
      <Facts.Row name="Last delivered">
        {ownStats.last_delivered_at ? <Time at={ownStats.last_delivered_at} /> : 'never within the retention'}
      </Facts.Row>
    </Facts>
  )
}
