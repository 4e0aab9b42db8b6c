import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { refreshed } from '../../live/live-state.ts'
import { useSite } from '../../session/session.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Counters } from './counters.tsx'
import styles from './overview-page.module.css'
import { DestinationHealth, RunningOperations, TopFailures } from './overview-sections.tsx'
import { problemsIn, verdictOf, type Problem } from './verdict.ts'

const shownMax = 5

/** Whether exports arrive, why not, and what to press. */
export function OverviewPage() {
  const { id: siteId, name } = useSite()
  const often = { refetchInterval: refreshed }
  const failures = useQuery({
    queryKey: ['failures', siteId, undefined],
    queryFn: () => api.listFailures(siteId),
    ...often,
  })
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
    ...often,
  })
  const operations = useQuery({
    queryKey: ['operations', siteId, 'newest'],
    queryFn: () => api.listOperations(siteId),
    ...often,
  })
  const error = failures.error ?? destinations.error ?? operations.error
  const isKnown = failures.data && destinations.data && operations.data
  const problems = isKnown
    ? problemsIn({
        failures: failures.data.items,
        destinations: destinations.data.items,
        operations: operations.data.items,
      })
    : []
  const retry = (): void =>
    void Promise.all([failures.refetch(), destinations.refetch(), operations.refetch()])
  return (
    <>
      <PageHead title="Overview" above={name} />
      {error && <FailureNotice error={error} retry={retry} />}
      {isKnown && <Verdict problems={problems} />}
      <Counters siteId={siteId} />
      <RunningOperations operations={operations.data?.items} />
      <div className={styles.columns}>
        <TopFailures
          groups={failures.data?.items.filter(({ state }) => state === 'open').slice(0, shownMax)}
        />
        <DestinationHealth destinations={destinations.data?.items} />
      </div>
    </>
  )
}

function Verdict({ problems }: { problems: readonly Problem[] }) {
  const tone =
    problems.length === 0 ? styles.good : problems.some(({ grave }) => grave) ? styles.bad : styles.warn
  return (
    <section className={`${styles.verdict} ${tone ?? ''}`} aria-label="Verdict">
      <output className={styles.words}>
        <Icon name={problems.length === 0 ? 'check' : 'warn'} />
        {verdictOf(problems)}
      </output>
      {problems.length > 0 && (
        <ul>
          {problems.slice(0, shownMax).map((problem) => (
            <li key={problem.to + problem.param}>
              <ProblemLink problem={problem} />
            </li>
          ))}
          {problems.length > shownMax && <li>… and {problems.length - shownMax} more</li>}
        </ul>
      )}
    </section>
  )
}

function ProblemLink({ problem: { to, param, text } }: { problem: Problem }) {
  if (to === '/failures/$fingerprint')
    return (
      <Link to={to} params={{ fingerprint: param }}>
        {text}
      </Link>
    )
  return (
    <Link to={to} params={{ id: param }}>
      {text}
    </Link>
  )
}
