import { useId, useState, type KeyboardEvent } from 'react'
import { Button } from '../button.tsx'
import { useZone } from '../zone.ts'
import { Plot } from './plot.tsx'
import type { Series } from './series.ts'
import { SeriesTable } from './series-table.tsx'
import { formatBucket } from './format-bucket.ts'
import styles from './time-chart.module.css'

interface TimeChartProps {
  title: string
  /** What the plot shows, as a sentence, for those who do not see it; others read it, too. */
  summary: string
  /** Starts of the buckets, oldest first. */
  starts: readonly string[]
  bucketSeconds: number
  series: readonly Series[]
  /** Bars stand on each other, lines do not. */
  kind: 'bars' | 'lines'
  format: (value: number) => string
  /** Said in its place when there is nothing to plot. */
  emptyText: string
}

/** Numbers over time: a plot that can be read with the pointer and with the arrow keys, and a table of the same. */
export function TimeChart(props: TimeChartProps) {
  const { title, summary, starts, bucketSeconds, series, kind, format, emptyText } = props
  const [isTable, setTable] = useState(false)
  const [activeIndex, setActiveIndex] = useState<number | null>(null)
  const zone = useZone()
  const titleId = useId()
  const isEmpty = series.every(({ values }) => values.every((value) => !value))
  const formatPoint = (index: number): string => {
    const values = series.map(({ name, values: own }) => {
      const value = own[index] ?? null
      return `${name} ${value === null ? '–' : format(value)}`
    })
    return `${formatBucket(starts[index] ?? '', bucketSeconds, zone)}: ${values.join(', ')}`
  }
  const move = (event: KeyboardEvent): void => {
    const next = indexAfterKey(event.key, activeIndex, starts.length)
    if (next === undefined) return
    event.preventDefault()
    setActiveIndex(next)
  }
  return (
    <section className={styles.chart} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <Legend series={series} kind={kind} />
        <Button look="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Show as plot' : 'Show as table'}
        </Button>
      </div>
      {isTable ? (
        <SeriesTable {...{ title, starts, bucketSeconds, series, format }} />
      ) : (
        // It is read with the arrow keys.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <fieldset
          className={styles.reader}
          tabIndex={0}
          aria-label={`${title}: plot. The arrow keys read it.`}
          onKeyDown={move}
          onBlur={() => setActiveIndex(null)}
        >
          <Plot {...{ starts, series, kind, format, activeIndex, setActiveIndex, bucketSeconds }} />
          {isEmpty && <p className={styles.nothing}>{emptyText}</p>}
        </fieldset>
      )}
      <output className={styles.told}>
        {activeIndex === null || isTable ? summary : formatPoint(activeIndex)}
      </output>
    </section>
  )
}

/** Undefined for keys that are not ours. */
function indexAfterKey(key: string, activeIndex: number | null, count: number): number | null | undefined {
  if (key === 'ArrowLeft') return Math.max(0, (activeIndex ?? count) - 1)
  if (key === 'ArrowRight') return Math.min(count - 1, (activeIndex ?? -1) + 1)
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return key === 'Escape' && activeIndex !== null ? null : undefined
}

function Legend({ series, kind }: { series: readonly Series[]; kind: 'bars' | 'lines' }) {
  return (
    <ul className={styles.legend}>
      {series.map(({ name, look }) => (
        <li key={name}>
          <svg
            width="18"
            height="10"
            aria-hidden="true"
            className={`${styles[kind] ?? ''} ${styles[look] ?? ''}`}
          >
            {kind === 'bars' ? <rect width="18" height="10" rx="2" /> : <path d="M0 5H18" />}
            {look === 'bad' && <path d="M2 12L10 -2M8 12L16 -2M14 12L22 -2" className={styles.stripe} />}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}
