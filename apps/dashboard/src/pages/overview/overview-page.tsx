import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useSite } from '../../session/session.ts'
import { RangeChoice } from '../../stats/range-choice.tsx'
import { StatsCharts } from '../../stats/stats-charts.tsx'
import { rangeNames, useDestinationStats, useStats } from '../../stats/use-stats.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { HeldNotice } from '../system/held-notice.tsx'
import { QueueUnavailableNotice } from '../system/queue-unavailable-notice.tsx'
import { useSystem } from '../system/use-system.ts'
import { Counters } from './counters.tsx'
import { FirstSteps } from './first-steps.tsx'
import { DestinationHealth, RunningOperations, TopFailures } from './overview-sections.tsx'
import { findProblems, formatSuccess } from './problems.ts'
import { ProblemSummary } from './problem-summary.tsx'

const rangeDefault = '24h'
const failuresShown = 5

/** Whether exports are delivered, what the problems are, and links to solve them. */
export function OverviewPage() {
  const { id: siteId, name } = useSite()
  const { range = rangeDefault } = useSearch({ from: '/shell/' })
  const navigate = useNavigate({ from: '/' })
  const { failures, destinations, operations, newest } = useSiteState(siteId)
  const stats = useStats(siteId, range)
  const destinationStats = useDestinationStats(siteId)
  const system = useSystem()
  const all = [failures, destinations, operations, stats, destinationStats, system]
  const error = all.find((one) => one.error)?.error
  const isLoaded = failures.data && destinations.data && operations.data && stats.data && system.data
  const isUnused = newest.data?.items.length === 0
  return (
    <>
      <PageHead title="Overview" above={name}>
        <RangeChoice
          range={range}
          choose={(next) => void navigate({ search: next === rangeDefault ? {} : { range: next } })}
        />
      </PageHead>
      {error && (
        <FailureNotice error={error} retry={() => void Promise.all(all.map((one) => one.refetch()))} />
      )}
      <HeldNotice system={system.data} />
      <QueueUnavailableNotice system={system.data} />
      {isLoaded && !isUnused && (
        <ProblemSummary
          successText={formatSuccess(stats.data.total, rangeNames[range])}
          problems={findProblems({
            failures: failures.data.items,
            destinations: destinations.data.items,
            operations: operations.data.items,
            stats: destinationStats.data,
            system: system.data,
          })}
        />
      )}
      {isUnused && <FirstSteps destinations={destinations.data?.items.length ?? 0} />}
      <Counters siteId={siteId} range={range} stats={stats.data} system={system.data} />
      <RunningOperations operations={operations.data?.items} />
      <StatsCharts stats={stats.data} />
      <DestinationHealth destinations={destinations.data?.items} stats={destinationStats.data} />
      <TopFailures
        groups={failures.data?.items.filter(({ state }) => state === 'open').slice(0, failuresShown)}
      />
    </>
  )
}

function useSiteState(siteId: number) {
  const refreshOptions = { refetchInterval: liveRefetchInterval }
  return {
    failures: useQuery({
      queryKey: ['failures', siteId, undefined],
      queryFn: () => api.listFailures(siteId),
      ...refreshOptions,
    }),
    destinations: useQuery({
      queryKey: ['destinations', siteId],
      queryFn: () => api.listDestinations(siteId),
      ...refreshOptions,
    }),
    operations: useQuery({
      queryKey: ['operations', siteId, 'newest'],
      queryFn: () => api.listOperations(siteId),
      ...refreshOptions,
    }),
    newest: useQuery({
      queryKey: ['deliveries', siteId, 'newest'],
      queryFn: () => api.listDeliveries(siteId, { limit: '1' }),
      ...refreshOptions,
    }),
  }
}
