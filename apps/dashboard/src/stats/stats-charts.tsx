import type { StatsView } from '@ghostpost/delivery/contract/stats'
import { TimeChart } from '../ui/chart/time-chart.tsx'
import { formatDuration } from '../ui/format-time.ts'
import { formatNumber } from '../pages/deliveries/format-count.ts'
import styles from './stats-charts.module.css'
import { formatMilliseconds } from './format-stats.ts'
import { rangeNames } from './use-stats.ts'

/** Attempts by decision, and response times. */
export function StatsCharts({ stats }: { stats: StatsView | undefined }) {
  if (!stats) {
    return (
      <div className={styles.charts} aria-busy="true">
        <span className={styles.bone} />
        <span className={styles.bone} />
      </div>
    )
  }
  return (
    <div className={styles.charts}>
      <Throughput stats={stats} />
      <ResponseTimes stats={stats} />
    </div>
  )
}

const startsOf = ({ buckets }: StatsView): string[] => buckets.map(({ at }) => at)

function Throughput({ stats }: { stats: StatsView }) {
  const { buckets, total, before, range, bucket_seconds: seconds } = stats
  const of = (name: 'delivered' | 'retried' | 'failed'): number[] => buckets.map((bucket) => bucket[name])
  const earlier = before.delivered === 0 ? '' : `; ${formatNumber(before.delivered)} in the time range before`
  const summary = [
    `${formatNumber(total.delivered)} delivered${earlier}.`,
    `${formatNumber(total.retried)} retried, ${formatNumber(total.failed)} given up.`,
    `Each bar is ${formatDuration(seconds * 1_000)}.`,
  ].join(' ')
  return (
    <TimeChart
      title="Attempts"
      kind="bars"
      summary={summary}
      starts={startsOf(stats)}
      bucketSeconds={seconds}
      series={[
        { name: 'Delivered', look: 'good', values: of('delivered') },
        { name: 'Retried', look: 'warn', values: of('retried') },
        { name: 'Given up', look: 'bad', values: of('failed') },
      ]}
      format={formatNumber}
      emptyText={`No attempt was made in the ${rangeNames[range]}.`}
    />
  )
}

const percentiles = ['p50', 'p95', 'p99'] as const

function ResponseTimes({ stats }: { stats: StatsView }) {
  const { buckets, total, range, bucket_seconds: seconds } = stats
  const of = (name: 'p50_ms' | 'p95_ms' | 'p99_ms'): (number | null)[] =>
    buckets.map((bucket) => bucket[name])
  const summary =
    total.p50_ms === null
      ? `There was no response in the ${rangeNames[range]}.`
      : `${percentiles.map((name) => `${name} ${formatMilliseconds(total[`${name}_ms`])}`).join(', ')}.`
  return (
    <TimeChart
      title="Response time"
      kind="lines"
      summary={summary}
      starts={startsOf(stats)}
      bucketSeconds={seconds}
      series={[
        { name: 'p50', look: 'first', values: of('p50_ms') },
        { name: 'p95', look: 'second', values: of('p95_ms') },
        { name: 'p99', look: 'third', values: of('p99_ms') },
      ]}
      format={formatMilliseconds}
      emptyText={`No attempt was made in the ${rangeNames[range]}.`}
    />
  )
}
