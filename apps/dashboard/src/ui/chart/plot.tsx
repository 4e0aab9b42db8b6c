import { useId, type MouseEvent } from 'react'
import { useZone } from '../zone.ts'
import { Bars, HatchPattern } from './bars.tsx'
import { Lines } from './lines.tsx'
import { labelledIndexes, ticksUpTo } from './scale.ts'
import { formatTick } from './format-bucket.ts'
import type { Frame, Series } from './series.ts'
import styles from './time-chart.module.css'
import { useWidth } from './use-width.ts'

interface PlotProps {
  starts: readonly string[]
  bucketSeconds: number
  series: readonly Series[]
  kind: 'bars' | 'lines'
  format: (value: number) => string
  activeIndex: number | null
  setActiveIndex: (activeIndex: number | null) => void
}

const height = 190
const margin = { left: 46, right: 10, top: 10, bottom: 24 }
const labelWidth = 76

export function Plot({
  starts,
  bucketSeconds,
  series,
  kind,
  format,
  activeIndex,
  setActiveIndex,
}: PlotProps) {
  const [element, width] = useWidth<HTMLDivElement>()
  const hatch = useId()
  const ticks = ticksUpTo(largestOf(series, kind), 4, kind === 'bars' ? 1 : 0)
  const frame = frameOf(width, starts.length, ticks.at(-1) ?? 1)
  const activateAt = (event: MouseEvent<SVGSVGElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - frame.left
    const index = Math.floor(x / frame.step)
    setActiveIndex(index >= 0 && index < starts.length ? index : null)
  }
  return (
    <div ref={element} className={styles.plot}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          aria-hidden="true"
          onMouseMove={activateAt}
          onMouseLeave={() => setActiveIndex(null)}
        >
          <HatchPattern id={hatch} />
          <Axes {...{ frame, ticks, format, starts, bucketSeconds }} />
          {activeIndex !== null && (
            <rect
              className={styles.cursor}
              x={frame.left + activeIndex * frame.step}
              y={frame.top}
              width={Math.max(frame.step, 1)}
              height={frame.bottom - frame.top}
            />
          )}
          {kind === 'bars' ? (
            <Bars frame={frame} series={series} hatch={hatch} />
          ) : (
            <Lines frame={frame} series={series} activeIndex={activeIndex} />
          )}
        </svg>
      )}
    </div>
  )
}

function frameOf(width: number, buckets: number, top: number): Frame {
  const [left, right, upper, bottom] = [
    margin.left,
    Math.max(width - margin.right, margin.left + 1),
    margin.top,
    height - margin.bottom,
  ]
  return {
    left,
    right,
    top: upper,
    bottom,
    step: (right - left) / Math.max(buckets, 1),
    y: (value) => bottom - (Math.min(value, top) / top) * (bottom - upper),
  }
}

function largestOf(series: readonly Series[], kind: 'bars' | 'lines'): number {
  const count = series[0]?.values.length ?? 0
  const heights = Array.from({ length: count }, (_, index) => {
    const values = series.map(({ values: own }) => own[index] ?? 0)
    return kind === 'bars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values)
  })
  return Math.max(0, ...heights)
}

function Axes(props: {
  frame: Frame
  ticks: readonly number[]
  format: (value: number) => string
  starts: readonly string[]
  bucketSeconds: number
}) {
  const { frame, ticks, format, starts, bucketSeconds } = props
  const zone = useZone()
  const labelledAt = labelledIndexes(starts.length, frame.right - frame.left, labelWidth)
  return (
    <g className={styles.axes}>
      {ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${frame.left} ${frame.y(tick)}H${frame.right}`} />
          <text x={frame.left - 8} y={frame.y(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {labelledAt.map((index) => (
        <text key={index} x={frame.left + index * frame.step} y={frame.bottom + 17}>
          {formatTick(starts[index] ?? '', bucketSeconds, zone)}
        </text>
      ))}
    </g>
  )
}
