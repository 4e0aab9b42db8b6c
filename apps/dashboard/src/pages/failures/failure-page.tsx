import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Facts } from '../../ui/facts.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { FailureStatus } from '../../ui/status.tsx'
import { SkeletonRows } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'
import { DeliveryTable } from '../deliveries/delivery-table.tsx'
import { PlanDialog } from '../operations/plan-dialog.tsx'
import { TriageDialog } from './triage-dialog.tsx'

const membersShown = '10'

export function FailurePage() {
  const { fingerprint } = useParams({ from: '/shell/failures/$fingerprint' })
  const { id: siteId } = useSite()
  const group = useQuery({
    queryKey: ['failure', siteId, fingerprint],
    queryFn: () => api.readFailure(fingerprint, siteId),
    refetchInterval: liveRefetchInterval,
  })
  return (
    <Loaded query={group} title="Failure group">
      {(data) => <Group group={data} />}
    </Loaded>
  )
}

function Group({ group }: { group: FailureGroup }) {
  const { fingerprint, siteId, message, remedy, count, capped } = group
  const [open, setOpen] = useState<'replay' | 'triage' | null>(null)
  const refusal = useRefusal('operator')
  const close = (): void => setOpen(null)
  const total = formatCount({ count, capped })
  return (
    <>
      <PageHead
        title={message}
        above={<Link to="/failures">Failures</Link>}
        heading={
          <>
            {message} <FailureStatus state={group.state} />
          </>
        }
      >
        <Link to="/deliveries" search={{ failure: fingerprint }} className={buttonClass()}>
          Show its deliveries
        </Link>
        <Button data-key="e" refusal={refusal} onClick={() => setOpen('triage')}>
          Change state
        </Button>
        <Button
          look="primary"
          data-key="r"
          refusal={count === 0 ? 'Every delivery of this group was delivered since.' : refusal}
          onClick={() => setOpen('replay')}
        >
          Replay this group
        </Button>
      </PageHead>
      {remedy !== null && (
        <Notice tone="info">
          <strong>What to do</strong>
          <span>{remedy}</span>
        </Notice>
      )}
      {group.note !== null && (
        <Notice tone="idle">
          <strong>Note</strong>
          <span>{group.note}</span>
        </Notice>
      )}
      <GroupFacts group={group} total={total} />
      <Members fingerprint={fingerprint} siteId={siteId} />
      {open === 'triage' && <TriageDialog group={group} onClose={close} />}
      {open === 'replay' && (
        <PlanDialog
          subject={total}
          request={{ siteId, kind: 'resend', filter: { failure: fingerprint } }}
          onClose={close}
        />
      )}
    </>
  )
}

/** The newest deliveries of the group. */
function Members({ fingerprint, siteId }: { fingerprint: string; siteId: number }) {
  const newest = useQuery({
    queryKey: ['deliveries', siteId, 'failing', fingerprint],
    queryFn: () => api.listDeliveries(siteId, { failure: fingerprint, limit: membersShown }),
    refetchInterval: liveRefetchInterval,
  })
  return (
    <>
      <h2>Newest deliveries</h2>
      {newest.error && <FailureNotice error={newest.error} />}
      <DeliveryTable
        caption="Newest deliveries of this group"
        deliveries={newest.data?.items ?? []}
        busy={newest.isPending}
      >
        {newest.isPending && <SkeletonRows columns={7} rows={4} />}
      </DeliveryTable>
    </>
  )
}

function GroupFacts({ group, total }: { group: FailureGroup; total: string }) {
  const { replays } = group
  const when = [
    [group.last_15_minutes, '15 min'],
    [group.last_hour, '1 h'],
    [group.last_day, '24 h'],
    [group.last_week, '7 d'],
  ] as const
  return (
    <Facts>
      <Facts.Row name="Dead letters now">{total}</Facts.Row>
      <Facts.Row name="Recovered">
        {group.recovered === 0 ? (
          'none'
        ) : (
          <Link to="/deliveries" search={{ failure: group.fingerprint, recovered: 'yes' }}>
            {formatNumber(group.recovered)} sent again and delivered
          </Link>
        )}
      </Facts.Row>
      <Facts.Row name="In the last">
        {when.map(([number, span]) => `${span}: ${formatNumber(number)}`).join(' · ')}
      </Facts.Row>
      <Facts.Row name="Receiver">
        {destinationTypeLabels[group.webhook_type]} ·{' '}
        {group.destination_id ? (
          <Link to="/destinations/$id" params={{ id: group.destination_id }}>
            {group.destination_name ?? group.receiver}
          </Link>
        ) : (
          group.receiver
        )}
      </Facts.Row>
      <Facts.Row name="Cause">
        <code>{group.cause}</code>
      </Facts.Row>
      <Facts.Row name="First seen">
        <Time at={group.first_seen} />
      </Facts.Row>
      <Facts.Row name="Last seen">
        <Time at={group.last_seen} />
      </Facts.Row>
      <Facts.Row name="Example">
        <Link to="/deliveries/$id" params={{ id: group.sample_delivery_id }}>
          the newest delivery of this group
        </Link>
      </Facts.Row>
      <Facts.Row name="Replays">{formatReplays(replays)}</Facts.Row>
      {group.ignored_until && (
        <Facts.Row name="Ignored until">
          <Time at={group.ignored_until} />
        </Facts.Row>
      )}
    </Facts>
  )
}

function formatReplays({ resent, delivered, failed_again: again, moved }: FailureGroup['replays']): string {
  if (resent === 0) return 'none'
  const counts = [
    [resent, 'resent'],
    [delivered, 'delivered'],
    [again, 'failed again'],
    [moved, 'failed for another cause'],
  ] as const
  return counts.map(([count, text]) => `${formatNumber(count)} ${text}`).join(' · ')
}
