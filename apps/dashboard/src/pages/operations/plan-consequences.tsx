import type { PlanView } from '@ghostpost/delivery/contract/operations'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Notice } from '../../ui/notice.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { Time } from '../../ui/time.tsx'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'
import { formatSkipReason } from './item-outcomes.ts'
import styles from './plan-dialog.module.css'

/** What the planned operation would do. */
export function PlanConsequences({ plan }: { plan: PlanView }) {
  const { matched, capped, operation, will_skip: skips, warnings } = plan
  const skipped = skips.reduce((sum, { count }) => sum + count, 0)
  return (
    <div className={styles.plan}>
      <p className={styles.sum}>
        <strong>{formatCount({ count: matched - skipped, capped })}</strong> would be sent at up to{' '}
        {operation.rate} a second: about {formatDuration(plan.estimated_seconds * 1_000)}.
        {operation.canary !== 'off' && ' A canary sends ten first.'}
      </p>
      <p>
        The selection is frozen: it has no delivery created after{' '}
        <Time at={operation.watermark.at} distance={false} />. The plan expires at{' '}
        <Time at={plan.expires_at} distance={false} />.
      </p>
      {warnings.map(({ code, text }) => (
        <Notice key={code} tone="warn">
          {text}
        </Notice>
      ))}
      <div className={styles.tallies}>
        <Tally
          title="By type"
          rows={plan.by_type.map((row) => [destinationTypeLabels[row.webhook_type], row.count])}
        />
        <Tally title="By cause" rows={plan.by_cause.map((row) => [row.cause ?? 'no error', row.count])} />
        <Tally title="Skipped" rows={skips.map((row) => [formatSkipReason(row.reason), row.count])} />
      </div>
    </div>
  )
}

function Tally({
  title,
  rows,
}: {
  title: string
  rows: readonly (readonly [name: string, count: number])[]
}) {
  if (rows.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <dl className={styles.tally}>
        {rows.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
