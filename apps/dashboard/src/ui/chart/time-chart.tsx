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
  /** The content of the plot as a sentence. */
  summary: string
  /** Start of each bucket as ISO 8601, oldest first. */
  starts: readonly string[]
  bucketSeconds: number
  series: readonly Series[]
  /** Bars are stacked, lines are not. */
  kind: 'bars' | 'lines'
  format: (value: number) => string
  /** Replaces the plot when all values are empty. */
  emptyText: string
}

/** Values over time, as a plot for pointer and arrow keys, or as a table. */
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
        // The arrow keys read the plot.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <fieldset
          className={styles.reader}
          tabIndex={0}
          aria-label={`${title}: plot. Read it with the arrow keys.`}
          onKeyDown={move}
          onBlur={() => setActiveIndex(null)}
        >
          <Plot {...{ starts, series, kind, format, activeIndex, setActiveIndex, bucketSeconds }} />
          {isEmpty && <p className={styles.empty}>{emptyText}</p>}
        </fieldset>
      )}
      <output className={styles.readout}>
        {activeIndex === null || isTable ? summary : formatPoint(activeIndex)}
      </output>
    </section>
  )
}

/** The active bucket after a key; undefined for keys that the plot does not use. */
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
