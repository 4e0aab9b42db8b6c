import type { StatsRange, StatsView } from '@ghostpost/delivery/contract/stats'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { formatPercent } from '../../stats/format-stats.ts'
import { rangeNames } from '../../stats/use-stats.ts'
import { formatDuration } from '../../ui/format-time.ts'
import { filterOf, type ListSearch } from '../deliveries/list-search.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import { scopeNames } from '../system/use-system.ts'
import styles from './overview-page.module.css'
import { slowestLane, formatDrain } from './format-drain.ts'

interface CountersProps {
  siteId: number
  range: StatsRange
  stats: StatsView | undefined
  system: SystemView | undefined
}

/** The numbers about the site. Each links to what it counts. */
export function Counters({ siteId, range, stats, system }: CountersProps) {
  const failed: ListSearch = { status: 'failed', range }
  const delivered: ListSearch = { status: 'delivered', range }
  return (
    <ul className={styles.counters}>
      <Tile name="Delivered" note={`${rangeNames[range]}${formatBefore(stats)}`} search={delivered}>
        {stats ? formatNumber(stats.total.delivered) : '–'}
      </Tile>
      <CountTile name="Dead letters" note={rangeNames[range]} siteId={siteId} search={failed} tone="bad" />
      <RecoveredTile siteId={siteId} range={range} />
      <CountTile name="Retrying" note="now" siteId={siteId} search={{ status: 'retrying' }} tone="warn" />
      <CountTile
        name="Waiting"
        note="queued or delivering, now"
        siteId={siteId}
        search={{ status: 'queued,delivering' }}
      />
      <Success stats={stats} range={range} />
      <Backlog system={system} />
    </ul>
  )
}

/** The number of the time range before, when it is not 0. */
function formatBefore(stats: StatsView | undefined): string {
  if (!stats || stats.before.delivered === 0) return ''
  return ` · ${formatNumber(stats.before.delivered)} before`
}

function Success({ stats, range }: { stats: StatsView | undefined; range: StatsRange }) {
  const before = stats?.before.success ?? null
  return (
    <Tile
      name="Success"
      note={`${rangeNames[range]}${before === null ? '' : ` · ${formatPercent(before)} before`}`}
      search={{ range }}
    >
      {stats ? formatPercent(stats.total.success) : '–'}
    </Tile>
  )
}

function Backlog({ system }: { system: SystemView | undefined }) {
  const backlog = system?.backlog
  const slowest = backlog ? slowestLane(backlog) : null
  const oldest = backlog?.oldest_due_seconds ?? null
  const held = (backlog?.lanes ?? []).reduce((sum, lane) => sum + lane.held_by_receiver, 0)
  const isStuck = slowest !== null && slowest.draining.state !== 'draining'
  return (
    <li>
      <Link to="/queues" className={styles.counter} aria-busy={!system}>
        <span className={styles.name}>Time to drain</span>
        <span className={`${styles.words} ${isStuck ? (styles.warn ?? '') : ''}`}>
          {!backlog
            ? '–'
            : slowest
              ? formatDrain(slowest.draining)
              : held > 0
                ? 'Nothing is due'
                : 'Nothing waits'}
        </span>
        <span className={styles.span}>
          {oldest === null
            ? scopeNames[system?.scope ?? 'own_sites'].toLowerCase()
            : `${formatNumber(backlog?.due ?? 0)} due · oldest ${formatDuration(oldest * 1_000)}`}
          {held > 0 && ` · ${formatNumber(held)} wait for their receivers`}
        </span>
      </Link>
    </li>
  )
}

function CountTile(props: {
  siteId: number
  name: string
  note: string
  search: ListSearch
  tone?: 'bad' | 'warn'
}) {
  const { siteId, name, note, search, tone } = props
  const { data } = useQuery({
    queryKey: ['deliveries', 'count', siteId, search],
    queryFn: () => api.countDeliveries(siteId, filterOf(search)),
    refetchInterval: liveRefetchInterval,
  })
  return (
    <Tile name={name} note={note} search={search} {...(tone && data && data.count > 0 && { tone })}>
      {data ? `${formatNumber(data.count)}${data.capped ? '+' : ''}` : '–'}
    </Tile>
  )
}

/** Shown only when there are any: what failed, was sent again and arrived. */
function RecoveredTile({ siteId, range }: { siteId: number; range: StatsRange }) {
  const search: ListSearch = { recovered: 'yes', range }
  const { data } = useQuery({
    queryKey: ['deliveries', 'count', siteId, search],
    queryFn: () => api.countDeliveries(siteId, filterOf(search)),
    refetchInterval: liveRefetchInterval,
  })
  if (!data || data.count === 0) return null
  return (
    <Tile name="Recovered" note={`${rangeNames[range]} · failed, sent again, delivered`} search={search}>
      {`${formatNumber(data.count)}${data.capped ? '+' : ''}`}
    </Tile>
  )
}

function Tile(props: {
  name: string
  note: string
  search: ListSearch
  tone?: 'bad' | 'warn'
  children: ReactNode
}) {
  const { name, note, search, tone, children } = props
  return (
    <li>
      <Link to="/deliveries" search={search} className={styles.counter}>
        <span className={styles.name}>{name}</span>
        <span className={`${styles.number} ${tone ? (styles[tone] ?? '') : ''}`}>{children}</span>
        <span className={styles.span}>{note}</span>
      </Link>
    </li>
  )
}
