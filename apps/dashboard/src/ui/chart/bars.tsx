import type { Frame, Series } from './series.ts'
import styles from './time-chart.module.css'

const gapMax = 2

/** Stacked bars, one per bucket, the first series at the bottom. */
export function Bars({ frame, series, hatch }: { frame: Frame; series: readonly Series[]; hatch: string }) {
  const count = series[0]?.values.length ?? 0
  const gap = Math.min(gapMax, frame.step / 4)
  return Array.from({ length: count }, (_, index) => {
    let sum = 0
    return (
      <g key={index} className={styles.bars}>
        {series.map(({ name, look, values }) => {
          const value = values[index] ?? 0
          if (value === 0) return null
          const [top, bottom] = [frame.y(sum + value), frame.y(sum)]
          sum += value
          const box = {
            x: frame.left + index * frame.step + gap / 2,
            y: top,
            width: Math.max(frame.step - gap, 0.5),
            // Even the smallest value stays visible.
            height: Math.max(bottom - top, 1.5),
          }
          return (
            <g key={name} className={styles[look]}>
              <rect {...box} />
              {look === 'bad' && <rect {...box} fill={`url(#${hatch})`} />}
            </g>
          )
        })}
      </g>
    )
  })
}

/** Stripes over failed values, so that they differ by more than colour. */
export function HatchPattern({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V5" className={styles.stripe} />
      </pattern>
    </defs>
  )
}
