import type { PlanView } from '@ghostpost/delivery/contract/operations'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { formatPlan, formatUndo } from './format-plan.ts'
import { formatSkipReason } from './item-outcomes.ts'
import styles from './plan-dialog.module.css'

/** What the planned operation would do. */
export function PlanConsequences({ plan }: { plan: PlanView }) {
  const { operation, will_skip: skips, warnings } = plan
  return (
    <div className={styles.plan}>
      <p className={styles.sum}>
        <strong>{formatPlan(plan)}</strong>
        {operation.canary !== 'off' && ' A canary sends ten first.'}
      </p>
      <p>{formatUndo(plan)}</p>
      <p>
        The selection is frozen: it has nothing created after{' '}
        <Time at={operation.watermark.at} distance={false} />. The plan expires at{' '}
        <Time at={plan.expires_at} distance={false} />.
      </p>
      {warnings.map(({ code, text }) => (
        <Notice key={code} tone="warn">
          {text}
        </Notice>
      ))}
      <div className={styles.tallies}>
        <Tally title="Skipped" rows={skips.map((row) => [formatSkipReason(row.reason), row.count])} />
        <Tally
          title="By receiver"
          rows={plan.by_receiver.map((row) => [row.destination_name ?? row.receiver, row.count])}
        />
        <Tally
          title="By type"
          rows={plan.by_type.map((row) => [destinationTypeLabels[row.webhook_type], row.count])}
        />
        {operation.kind !== 'export' && (
          <Tally title="By cause" rows={plan.by_cause.map((row) => [row.cause ?? 'no error', row.count])} />
        )}
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
