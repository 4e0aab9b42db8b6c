import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { OperationStatus } from '../../ui/status.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { Time } from '../../ui/time.tsx'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'
import { formatSkipReason } from './item-outcomes.ts'
import { operationKindNames } from './operation-kind-names.ts'
import { Ledger } from './ledger.tsx'
import { OperationActions } from './operation-actions.tsx'
import styles from './operation-page.module.css'
import { Progress } from './progress.tsx'
import { ResendFailed } from './resend-failed.tsx'
import { SelectionParts } from './selection-parts.tsx'

const runningRefreshMs = 1_000

export function OperationPage() {
  const { id } = useParams({ from: '/shell/operations/$id' })
  const operation = useQuery({
    queryKey: ['operation', id],
    queryFn: () => api.readOperation(id),
    refetchInterval: ({ state }) =>
      state.data?.state === 'running' ? runningRefreshMs : liveRefetchInterval(),
  })
  return (
    <Loaded query={operation} title="Operation">
      {(data) => <Operation operation={data} />}
    </Loaded>
  )
}

function Operation({ operation }: { operation: OperationView }) {
  const { kind, counts, state, state_reason: reason } = operation
  const title = `${operationKindNames[kind]} ${formatCount({ count: counts.matched })}`
  return (
    <>
      <PageHead
        title={title}
        above={<Link to="/operations">Operations</Link>}
        heading={
          <>
            {title} <OperationStatus state={state} />
          </>
        }
      >
        <ResendFailed operation={operation} />
        <OperationActions operation={operation} />
      </PageHead>
      {reason !== null && <Notice tone={state === 'paused' ? 'warn' : 'info'}>{reason}</Notice>}
      <OperationProgress operation={operation} />
      <OperationFacts operation={operation} />
      <Ledger operation={operation} />
    </>
  )
}

function OperationProgress({ operation }: { operation: OperationView }) {
  const { counts, seconds_left: left, state } = operation
  const rows = [
    ['Delivered', counts.delivered],
    ['Failed', counts.failed],
    ['Skipped', counts.skipped],
    ['Cancelled', counts.cancelled],
    ['Waiting', counts.waiting],
    ['No longer matched', counts.changed],
  ] as const
  return (
    <section className={styles.card} aria-label="Progress">
      <div className={styles.bar}>
        <Progress operation={operation} />
        <span>
          {state === 'running' &&
            left !== null &&
            (left < 1 ? 'less than a second left' : `about ${formatDuration(left * 1_000)} left`)}
        </span>
      </div>
      <dl className={styles.counts}>
        {rows.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const canaryTexts: Readonly<Record<OperationView['canary'], string>> = {
  off: 'none',
  pending: 'sends ten first',
  running: 'running: the first ten',
  passed: 'passed',
  failed: 'failed: too many of the first ten failed',
}

function OperationFacts({ operation }: { operation: OperationView }) {
  const { filter, skipped_because: skipped, failed_into: failedInto } = operation
  const reasons = Object.entries(skipped)
  return (
    <Facts>
      <Facts.Row name="Started by">
        {operation.created_by}
        {operation.started_at && (
          <>
            {' · '}
            <Time at={operation.started_at} />
          </>
        )}
      </Facts.Row>
      {operation.reason !== null && <Facts.Row name="Reason">{operation.reason}</Facts.Row>}
      <Facts.Row name="Rate">
        at most {formatNumber(operation.rate)} a second · canary: {canaryTexts[operation.canary]}
      </Facts.Row>
      <Facts.Row name="Selection">
        <SelectionParts selection={filter} siteId={operation.siteId} />
      </Facts.Row>
      <Facts.Row name="Deliveries created until">
        <Time at={operation.watermark.at} distance={false} />
      </Facts.Row>
      {operation.finished_at && (
        <Facts.Row name="Finished">
          <Time at={operation.finished_at} />
        </Facts.Row>
      )}
      {reasons.length > 0 && (
        <Facts.Row name="Skip reasons">
          {reasons.map(([reason, count]) => `${formatNumber(count)}: ${formatSkipReason(reason)}`).join(' ')}
        </Facts.Row>
      )}
      {failedInto.length > 0 && (
        <Facts.Row name="Failures">
          {failedInto.map(({ failure, count }) => (
            <div key={failure}>
              <Link to="/failures/$fingerprint" params={{ fingerprint: failure }}>
                {formatCount({ count })} of one failure group
              </Link>
            </div>
          ))}
        </Facts.Row>
      )}
    </Facts>
  )
}
