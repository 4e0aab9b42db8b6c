// The index is a stable key: items never change their order.
/* oxlint-disable react/no-array-index-key */
import { HiddenText } from '../hidden-text.tsx'
import styles from './time-chart.module.css'

interface SparklineProps {
  hours: readonly { delivered: number; retried: number; failed: number }[]
}

const barWidth = 4
const height = 22

/** The attempts of the last hours: failed and retried ones stacked on delivered ones. */
export function Sparkline({ hours }: SparklineProps) {
  const largest = Math.max(1, ...hours.map(({ delivered, retried, failed }) => delivered + retried + failed))
  const total = hours.reduce((sum, { delivered, retried, failed }) => sum + delivered + retried + failed, 0)
  const barHeight = (value: number): number => (value === 0 ? 0 : Math.max((value / largest) * height, 1.5))
  return (
    <>
      <HiddenText>{`${total} attempts in ${hours.length} hours`}</HiddenText>
      <svg width={hours.length * barWidth} height={height} aria-hidden="true" className={styles.sparkline}>
        <path d={`M0 ${height - 0.5}H${hours.length * barWidth}`} />
        {hours.map(({ delivered, retried, failed }, hour) => {
          const [good, bad] = [barHeight(delivered), barHeight(retried + failed)]
          const [x, width] = [hour * barWidth + 0.5, barWidth - 1]
          return (
            <g key={hour}>
              <rect className={styles.goodMark} x={x} width={width} y={height - good} height={good} />
              <rect
                className={styles.badMark}
                x={x}
                width={width}
                y={Math.max(0, height - good - bad)}
                height={bad}
              />
            </g>
          )
        })}
      </svg>
    </>
  )
}
