import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { Time } from '../../ui/time.tsx'
import { AttemptDetails } from './attempt-details.tsx'
import { headlineOf } from './headline-of.ts'
import { formatNextAttempt } from './format-next-attempt.ts'
import styles from './delivery-page.module.css'

type Attempt = DeliveryView['attempts'][number]

const marks: Readonly<
  Record<Attempt['decision'], { icon: IconName; tone: string | undefined; label: string }>
> = {
  delivered: { icon: 'check', tone: styles.good, label: 'delivered' },
  retry: { icon: 'retry', tone: styles.warn, label: 'will be retried' },
  give_up: { icon: 'bad', tone: styles.bad, label: 'given up' },
}

interface TimelineProps {
  delivery: DeliveryView
  /** Number of the open attempt. */
  chosen: number | undefined
  choose: (attempt: number) => void
}

/** The history of a delivery, oldest first. */
export function Timeline({ delivery, chosen, choose }: TimelineProps) {
  const { attempts, next_attempt: next, status } = delivery
  return (
    <ol className={styles.timeline}>
      <Step icon="deliveries">
        Created <Time at={delivery.created_at} />
      </Step>
      {attempts.map((attempt) => (
        <AttemptStep
          key={attempt.number}
          attempt={attempt}
          isChosen={attempt.number === chosen}
          choose={() => choose(attempt.number)}
        />
      ))}
      {next && (
        <Step icon="wait">
          Attempt {attempts.length + 1} <Time at={next.at} />, {formatNextAttempt(next)}
        </Step>
      )}
      {status === 'cancelled' && <Step icon="stop">Cancelled: no further attempt</Step>}
      {status === 'failed' && attempts.length > 0 && (
        <Step icon="stop">Given up: a dead letter until somebody resends it</Step>
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

function AttemptStep(props: { attempt: Attempt; isChosen: boolean; choose: () => void }) {
  const { attempt, isChosen, choose } = props
  const { icon, tone, label } = marks[attempt.decision]
  return (
    <li className={styles.step}>
      <span className={`${styles.mark} ${tone ?? ''}`}>
        <Icon name={icon} />
      </span>
      <details
        className={styles.attempt}
        open={isChosen}
        onToggle={({ currentTarget: { open } }) => open && !isChosen && choose()}
      >
        <summary data-attempt={attempt.number}>
          <span className={styles.title}>
            Attempt {attempt.number}: {headlineOf(attempt)}
          </span>
          <span>{label}</span>
          <span className={styles.soft}>
            <Time at={attempt.started_at} distance={false} /> · {formatDuration(attempt.duration_ms)}
          </span>
        </summary>
        <AttemptDetails attempt={attempt} />
      </details>
    </li>
  )
}
