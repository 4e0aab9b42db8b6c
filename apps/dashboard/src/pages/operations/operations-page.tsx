import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { OperationStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { operationKindNames } from './operation-kind-names.ts'
import { Progress } from './progress.tsx'

const head = [
  { label: 'Operation' },
  { label: 'State' },
  { label: 'Progress' },
  { label: 'Delivered', numeric: true },
  { label: 'Failed', numeric: true },
  { label: 'Skipped', numeric: true },
  { label: 'By' },
  { label: 'Created' },
]

/** The bulk operations of the site, newest first. */
export function OperationsPage() {
  const { id: siteId } = useSite()
  const operations = useInfiniteQuery({
    queryKey: ['operations', siteId],
    queryFn: ({ pageParam }) => api.listOperations(siteId, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: liveRefetchInterval,
  })
  const items = operations.data?.pages.flatMap((page) => page.items)
  return (
    <>
      <PageHead title="Operations" />
      {operations.error && <FailureNotice error={operations.error} retry={() => void operations.refetch()} />}
      {items?.length === 0 ? (
        <NoOperations />
      ) : (
        <Table caption="Operations, newest first" head={head} busy={operations.isPending}>
          {!items && !operations.error && <SkeletonRows columns={head.length} rows={5} />}
          {items?.map((operation) => (
            <OperationRow key={operation.operation_id} operation={operation} />
          ))}
        </Table>
      )}
      {operations.hasNextPage && (
        <div>
          <Button busy={operations.isFetchingNextPage} onClick={() => void operations.fetchNextPage()}>
            Show older operations
          </Button>
        </div>
      )}
    </>
  )
}

function OperationRow({ operation }: { operation: OperationView }) {
  const { operation_id: id, counts } = operation
  return (
    <tr>
      <th scope="row">
        <Link to="/operations/$id" params={{ id }}>
          {operationKindNames[operation.kind]} {formatNumber(counts.matched)}
        </Link>
      </th>
      <td className={cell.nowrap}>
        <OperationStatus state={operation.state} />
      </td>
      <td>
        <Progress operation={operation} />
      </td>
      <td className={cell.numeric}>{formatNumber(counts.delivered)}</td>
      <td className={cell.numeric}>{formatNumber(counts.failed)}</td>
      <td className={cell.numeric}>{formatNumber(counts.skipped)}</td>
      <td>{operation.created_by}</td>
      <td className={cell.nowrap}>
        <Time at={operation.created_at} distance="only" />
      </td>
    </tr>
  )
}

function NoOperations() {
  return (
    <Empty title="No operations yet">
      <p>
        An operation resends or re-exports many deliveries. Start one from a failure group, or select
        deliveries in the list.
      </p>
      <Link to="/failures">Show failures</Link>
    </Empty>
  )
}
