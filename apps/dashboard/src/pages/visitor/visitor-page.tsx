import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import { ApiProblem } from '@ghostpost/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { SkeletonRows } from '../../ui/table.tsx'
import { DeliveryTable } from '../deliveries/delivery-table.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { formatOutcomes } from './format-outcomes.ts'
import { VisitorProfile } from './visitor-profile.tsx'

/** All deliveries of one visitor, and the actions for the visitor. */
export function VisitorPage() {
  const { vid } = useParams({ from: '/shell/visitors/$vid' })
  const { id: siteId } = useSite()
  const [open, setOpen] = useState<'export' | 'erase' | null>(null)
  const operator = useRefusal('operator')
  const admin = useRefusal('admin')
  const sent = useSent(siteId, vid)
  const visitor = useQuery({
    queryKey: ['visitor', siteId, vid],
    queryFn: () => api.readVisitor(vid, siteId),
    retry: false,
  })
  const isGone = visitor.error instanceof ApiProblem && visitor.error.status === 404
  const items = sent.data?.pages.flatMap((page) => page.items)
  const known = visitor.data?.identified_user_id ?? visitor.data?.name
  const name = known ?? items?.find((one) => one.identified_user !== null)?.identified_user ?? vid
  return (
    <>
      <PageHead
        title={name}
        above={
          <>
            <Link to="/visitors">Visitors</Link> · <code>{vid}</code>
          </>
        }
      >
        <Button
          look="primary"
          refusal={isGone ? 'The profile of this visitor does not exist any more.' : operator}
          onClick={() => setOpen('export')}
        >
          Export now
        </Button>
        <Button refusal={admin} onClick={() => setOpen('erase')}>
          Erase …
        </Button>
      </PageHead>
      {visitor.data && <VisitorProfile visitor={visitor.data} />}
      {visitor.error && !isGone && <FailureNotice error={visitor.error} />}
      <Sent sent={sent} />
      {open === 'export' && <ExportDialog vid={vid} siteId={siteId} onClose={() => setOpen(null)} />}
      {open === 'erase' && <EraseDialog vid={vid} siteId={siteId} onClose={() => setOpen(null)} />}
    </>
  )
}

function useSent(siteId: number, vid: string) {
  return useInfiniteQuery({
    queryKey: ['deliveries', siteId, 'of', vid],
    queryFn: ({ pageParam }) => api.listDeliveries(siteId, { ghost_vid: vid, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: liveRefetchInterval,
  })
}

/** The visitor's deliveries, and their outcomes. */
function Sent({ sent }: { sent: ReturnType<typeof useSent> }) {
  const items = sent.data?.pages.flatMap((page) => page.items)
  return (
    <>
      {items && items.length > 0 && <Summary items={items} isAll={!sent.hasNextPage} />}
      {sent.error && <FailureNotice error={sent.error} retry={() => void sent.refetch()} />}
      {items?.length === 0 ? (
        <Empty title="No deliveries for this visitor">
          <p>Nothing was sent, the visitor was erased, or the retention of the deliveries has ended.</p>
        </Empty>
      ) : (
        <DeliveryTable
          caption="Deliveries of this visitor, newest first"
          busy={sent.isPending}
          hideLead
          deliveries={items ?? []}
        >
          {!items && !sent.error && <SkeletonRows columns={6} rows={4} />}
        </DeliveryTable>
      )}
      {sent.hasNextPage && (
        <div>
          <Button busy={sent.isFetchingNextPage} onClick={() => void sent.fetchNextPage()}>
            Show older deliveries
          </Button>
        </div>
      )}
    </>
  )
}

/** The outcomes of the listed deliveries, by receiver. */
function Summary({ items, isAll }: { items: readonly DeliverySummary[]; isAll: boolean }) {
  const byReceiver = Map.groupBy(items, (one) => one.destination_name ?? one.receiver)
  return (
    <Facts>
      {[...byReceiver].map(([receiver, sent]) => (
        <Facts.Row key={receiver} name={receiver}>
          {formatOutcomes(sent)}
        </Facts.Row>
      ))}
      {!isAll && <Facts.Row name="Older deliveries">not counted: show them below the list</Facts.Row>}
    </Facts>
  )
}
