import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { formatDuration } from '../../ui/format-time.ts'
import styles from './phases.module.css'

type Timings = NonNullable<DeliveryView['attempts'][number]['timings']>

interface Phase {
  name: string
  from: number
  to: number
}

/** The duration of each phase of an attempt, with a bar. */
export function Phases({ timings }: { timings: Timings | null }) {
  if (!timings) return null
  const phases = phasesOf(timings)
  return (
    <div>
      <h3>Duration ({formatDuration(timings.total_ms)} in total)</h3>
      <dl className={styles.phases}>
        {phases.map(({ name, from, to }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatDuration(to - from)}</dd>
            <Bar from={from / timings.total_ms} to={to / timings.total_ms} />
          </div>
        ))}
      </dl>
      {timings.reused_connection && <p className={styles.note}>The request reused an open connection.</p>}
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

/** Each measured phase begins where the previous one ended. The rest of the total is reading the response. */
export function phasesOf(timings: Timings): Phase[] {
  const parts = [
    ['DNS lookup', timings.dns_ms],
    ['Connect', timings.connect_ms],
    ['TLS handshake', timings.tls_ms],
    ['Wait for response', timings.first_byte_ms],
  ] as const
  const phases: Phase[] = []
  let at = 0
  for (const [name, ms] of parts) {
    if (ms === null) continue
    phases.push({ name, from: at, to: at + ms })
    at += ms
  }
  if (timings.total_ms > at && timings.first_byte_ms !== null)
    phases.push({ name: 'Read response', from: at, to: timings.total_ms })
  return phases
}
