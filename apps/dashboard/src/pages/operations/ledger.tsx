import type { OperationItem, OperationView } from '@ghostpost/delivery/contract/operations'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { searchOf } from '../../search-of.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { DownloadLink } from '../../ui/download-link.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Segments } from '../../ui/segments.tsx'
import { ItemStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { itemOutcomes, formatSkipReason, type ItemOutcome } from './item-outcomes.ts'
import styles from './operation-page.module.css'

const head = [
  { label: 'No.', numeric: true },
  { label: 'Lead' },
  { label: 'Outcome' },
  { label: 'Reason' },
  { label: 'Delivery' },
]

const choices = [
  { value: '', label: 'All' },
  ...itemOutcomes.map((outcome) => ({ value: outcome, label: outcome[0]?.toUpperCase() + outcome.slice(1) })),
]

/** The outcome of each member, in the order in which the operation started them. */
export function Ledger({ operation }: { operation: OperationView }) {
  const { operation_id: id, state } = operation
  const { outcome } = useSearch({ from: '/shell/operations/$id' })
  const navigate = useNavigate({ from: '/operations/$id' })
  const refusal = useRefusal('operator')
  const ledger = useInfiniteQuery({
    queryKey: ['operation', id, 'items', outcome],
    queryFn: ({ pageParam }) => api.listItems(id, { outcome, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: state === 'running' ? liveRefetchInterval : false,
  })
  const items = ledger.data?.pages.flatMap((page) => page.items)
  return (
    <section className={styles.ledger} aria-labelledby="ledger">
      <div className={styles.bar}>
        <h2 id="ledger">Ledger</h2>
        <div className={styles.tools}>
          <Segments
            label="Outcome"
            value={outcome ?? ''}
            options={choices}
            choose={(next) => void navigate({ search: next === '' ? {} : { outcome: next as ItemOutcome } })}
          />
          <DownloadLink href={`/api/operations/${id}/items/export${searchOf({ outcome })}`} refusal={refusal}>
            CSV
          </DownloadLink>
        </div>
      </div>
      {ledger.error && <FailureNotice error={ledger.error} retry={() => void ledger.refetch()} />}
      {items?.length === 0 ? (
        <p className={cell.soft}>
          {outcome ? `No member is ${outcome}.` : 'No member has been started yet.'}
        </p>
      ) : (
        <Table caption="Ledger of the operation" head={head} busy={ledger.isPending}>
          {!items && !ledger.error && <SkeletonRows columns={head.length} rows={5} />}
          {items?.map((item) => (
            <ItemRow key={item.number} item={item} />
          ))}
        </Table>
      )}
      {ledger.hasNextPage && (
        <div>
          <Button busy={ledger.isFetchingNextPage} onClick={() => void ledger.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </section>
  )
}

function ItemRow({ item }: { item: OperationItem }) {
  const { number, ghost_vid: vid, identified_user: lead, outcome, reason } = item
  const id = item.delivery_id ?? item.source_delivery_id
  return (
    <tr>
      <td className={cell.numeric}>{number}</td>
      <th scope="row">
        <Link to="/visitors/$vid" params={{ vid }}>
          {lead ?? vid}
        </Link>
        {lead !== null && (
          <span className={cell.sub}>
            <code>{vid}</code>
          </span>
        )}
      </th>
      <td>
        <ItemStatus outcome={outcome} />
      </td>
      <td>{reason === null ? <span className={cell.soft}>–</span> : formatSkipReason(reason)}</td>
      <td>
        {id === null ? (
          <span className={cell.soft}>–</span>
        ) : (
          <Link to="/deliveries/$id" params={{ id }}>
            <code>{id.slice(0, 13)}…</code>
          </Link>
        )}
      </td>
    </tr>
  )
}
