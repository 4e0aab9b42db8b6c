import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { formatDuration } from '../../ui/format-time.ts'
import styles from './phases.module.css'

type Timings = NonNullable<DeliveryView['attempts'][number]['timings']>

interface Phase {
  name: string
  from: number
  to: number
}

/** How long each part of an attempt took: as a list, with a bar beside each. */
export function Phases({ timings }: { timings: Timings | null }) {
  if (!timings) return null
  const phases = phasesOf(timings)
  return (
    <div>
      <h3>Time ({formatDuration(timings.total_ms)} in all)</h3>
      <dl className={styles.phases}>
        {phases.map(({ name, from, to }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatDuration(to - from)}</dd>
            <Bar from={from / timings.total_ms} to={to / timings.total_ms} />
          </div>
        ))}
      </dl>
      {timings.reused_connection && <p className={styles.note}>On a connection that was open already.</p>}
    </div>
  )
}

function Bar({ from, to }: { from: number; to: number }) {
  const width = Math.max(0.5, (to - from) * 100)
  return (
    <dd aria-hidden="true" className={styles.track}>
      <svg width="100%" height="8">
        <rect x={`${Math.min(from * 100, 99.5)}%`} width={`${width}%`} height="8" rx="2" />
      </svg>
    </dd>
  )
}

/** Each measured part begins where the one before ended; what is left over is the reading of the answer. */
export function phasesOf(timings: Timings): Phase[] {
  const parts = [
    ['Look up', timings.dns_ms],
    ['Connect', timings.connect_ms],
    ['TLS', timings.tls_ms],
    ['Wait for the answer', timings.first_byte_ms],
  ] as const
  const phases: Phase[] = []
  let at = 0
  for (const [name, took] of parts) {
    if (took === null) continue
    phases.push({ name, from: at, to: at + took })
    at += took
  }
  if (timings.total_ms > at && timings.first_byte_ms !== null)
    phases.push({ name: 'Read it', from: at, to: timings.total_ms })
  return phases
}
