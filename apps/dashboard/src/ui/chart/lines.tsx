// The index is a stable key: items never change their order.
/* oxlint-disable react/no-array-index-key */
import type { Frame, Series } from './series.ts'
import { linePath } from './scale.ts'
import styles from './time-chart.module.css'

/** One line per series, distinguished by its dashes. A value without neighbours is a dot. */
export function Lines({
  frame,
  series,
  activeIndex,
}: {
  frame: Frame
  series: readonly Series[]
  activeIndex: number | null
}) {
  const x = (index: number): number => frame.left + (index + 0.5) * frame.step
  return series.map(({ name, look, values }) => (
    <g key={name} className={`${styles.lines} ${styles[look] ?? ''}`}>
      <path
        d={linePath(values.map((value, index) => (value === null ? null : [x(index), frame.y(value)])))}
      />
      {values.map((value, index) =>
        value !== null && (index === activeIndex || isAlone(values, index)) ? (
          <circle key={index} cx={x(index)} cy={frame.y(value)} r={index === activeIndex ? 4 : 2} />
        ) : null,
      )}
    </g>
  ))
}

function isAlone(values: readonly (number | null)[], index: number): boolean {
  return (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
}
