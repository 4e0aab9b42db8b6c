import { useId, type MouseEvent } from 'react'
import { useZone } from '../zone.ts'
import { Bars, HatchPattern } from './bars.tsx'
import { Lines } from './lines.tsx'
import { labelledPlaces, marksUpTo } from './scale.ts'
import { tellMark } from './tell-bucket.ts'
import styles from './time-chart.module.css'
import { useWidth } from './use-width.ts'

type SeriesLook = 'good' | 'warn' | 'bad' | 'first' | 'second' | 'third'

export interface Series {
  name: string
  look: SeriesLook
  /** One for each bucket; null where there is none. */
  values: readonly (number | null)[]
}

/** Where in the drawing the plot is, and how values become places. */
export interface Frame {
  left: number
  right: number
  top: number
  bottom: number
  /** Of one bucket. */
  step: number
  y: (value: number) => number
}

interface PlotProps {
  starts: readonly string[]
  bucketSeconds: number
  series: readonly Series[]
  kind: 'bars' | 'lines'
  format: (value: number) => string
  at: number | null
  setAt: (at: number | null) => void
}

const height = 190
const room = { left: 46, right: 10, top: 10, bottom: 24 }
const labelWidth = 76

export function Plot({ starts, bucketSeconds, series, kind, format, at, setAt }: PlotProps) {
  const [element, width] = useWidth<HTMLDivElement>()
  const hatch = useId()
  const marks = marksUpTo(largestOf(series, kind))
  const frame = frameOf(width, starts.length, marks.at(-1) ?? 1)
  const point = (event: MouseEvent<SVGSVGElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - frame.left
    const index = Math.floor(x / frame.step)
    setAt(index >= 0 && index < starts.length ? index : null)
  }
  return (
    <div ref={element} className={styles.plot}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          aria-hidden="true"
          onMouseMove={point}
          onMouseLeave={() => setAt(null)}
        >
          <HatchPattern id={hatch} />
          <Axes {...{ frame, marks, format, starts, bucketSeconds }} />
          {at !== null && (
            <rect
              className={styles.cursor}
              x={frame.left + at * frame.step}
              y={frame.top}
              width={Math.max(frame.step, 1)}
              height={frame.bottom - frame.top}
            />
          )}
          {kind === 'bars' ? (
            <Bars frame={frame} series={series} hatch={hatch} />
          ) : (
            <Lines frame={frame} series={series} at={at} />
          )}
        </svg>
      )}
    </div>
  )
}

function frameOf(width: number, buckets: number, top: number): Frame {
  const [left, right, upper, bottom] = [
    room.left,
    Math.max(width - room.right, room.left + 1),
    room.top,
    height - room.bottom,
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
  marks: readonly number[]
  format: (value: number) => string
  starts: readonly string[]
  bucketSeconds: number
}) {
  const { frame, marks, format, starts, bucketSeconds } = props
  const zone = useZone()
  const labelled = labelledPlaces(starts.length, frame.right - frame.left, labelWidth)
  return (
    <g className={styles.axes}>
      {marks.map((mark) => (
        <g key={mark}>
          <path d={`M${frame.left} ${frame.y(mark)}H${frame.right}`} />
          <text x={frame.left - 8} y={frame.y(mark) + 4} textAnchor="end">
            {format(mark)}
          </text>
        </g>
      ))}
      {labelled.map((index) => (
        <text key={index} x={frame.left + index * frame.step} y={frame.bottom + 17}>
          {tellMark(starts[index] ?? '', bucketSeconds, zone)}
        </text>
      ))}
    </g>
  )
}
