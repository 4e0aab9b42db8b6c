import type { DeliveryView } from '@ghostpost/delivery/contract'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { tellDuration } from '../../ui/tell-time.ts'
import { Time } from '../../ui/time.tsx'
import { AttemptDetails } from './attempt-details.tsx'
import styles from './delivery-page.module.css'

type Attempt = DeliveryView['attempts'][number]

const marks: Readonly<
  Record<Attempt['decision'], { icon: IconName; tone: string | undefined; means: string }>
> = {
  delivered: { icon: 'check', tone: styles.good, means: 'delivered' },
  retry: { icon: 'retry', tone: styles.warn, means: 'to be tried again' },
  give_up: { icon: 'bad', tone: styles.bad, means: 'given up' },
}

/** From when it was created to where it stands, oldest first; the last attempt is open. */
export function Timeline({ delivery }: { delivery: DeliveryView }) {
  const { attempts, next_attempt_at: next, status } = delivery
  return (
    <ol className={styles.timeline}>
      <Step icon="deliveries">
        Created <Time at={delivery.created_at} />
      </Step>
      {attempts.map((attempt, index) => (
        <AttemptStep key={attempt.number} attempt={attempt} isLast={index === attempts.length - 1} />
      ))}
      {next && (
        <Step icon="wait">
          Attempt {attempts.length + 1} <Time at={next} />
        </Step>
      )}
      {status === 'cancelled' && <Step icon="stop">Cancelled: nothing more is sent</Step>}
      {status === 'failed' && attempts.length > 0 && (
        <Step icon="stop">Given up: a dead letter until somebody sends it again</Step>
      )}
    </ol>
  )
}

function Step({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <span className={styles.mark}>
        <Icon name={icon} />
      </span>
      <span className={styles.quiet}>{children}</span>
    </li>
  )
}

function AttemptStep({ attempt, isLast }: { attempt: Attempt; isLast: boolean }) {
  const { icon, tone, means } = marks[attempt.decision]
  return (
    <li className={styles.step}>
      <span className={`${styles.mark} ${tone ?? ''}`}>
        <Icon name={icon} />
      </span>
      <details className={styles.attempt} open={isLast}>
        <summary>
          <span className={styles.title}>
            Attempt {attempt.number}: {headlineOf(attempt)}
          </span>
          <span>{means}</span>
          <span className={styles.soft}>
            <Time at={attempt.started_at} distance={false} /> · {tellDuration(attempt.duration_ms)}
          </span>
        </summary>
        <AttemptDetails attempt={attempt} />
      </details>
    </li>
  )
}

function headlineOf({ response_status: status, outcome }: Attempt): string {
  return status === null ? outcome.replaceAll('_', ' ') : `answered ${status}`
}
