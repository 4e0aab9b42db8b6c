import type { DestinationView } from '@ghostpost/delivery/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { polled } from '../../live/live-state.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { DestinationStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { BreakerState } from './breaker-state.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { useHealth } from './use-health.ts'

const head = [
  { label: 'Name' },
  { label: 'Kind' },
  { label: 'State' },
  { label: 'Receiver' },
  { label: 'Circuit' },
  { label: 'Under way', numeric: true },
  { label: 'Mean answer', numeric: true },
]

/** The saved destinations of the site, and how their receivers cope. */
export function DestinationsPage() {
  const { id: siteId } = useSite()
  const [isCreating, setCreating] = useState(false)
  const refusal = useRefusal('operator')
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
    refetchInterval: polled,
  })
  const items = destinations.data?.items
  return (
    <>
      <PageHead title="Destinations">
        <Button look="primary" refusal={refusal} onClick={() => setCreating(true)}>
          New destination
        </Button>
      </PageHead>
      {destinations.error && (
        <FailureNotice error={destinations.error} retry={() => void destinations.refetch()} />
      )}
      {items?.length === 0 ? (
        <Empty title="No destination is saved">
          <p>
            A saved destination keeps an address, its secrets and limits in one place; exports then name it
            instead of a URL, can be signed, and can be paused without losing any.
          </p>
        </Empty>
      ) : (
        <Table caption="Saved destinations" head={head} busy={destinations.isPending}>
          {!items && !destinations.error && <SkeletonRows columns={head.length} rows={4} />}
          {items?.map((destination) => (
            <DestinationRow key={destination.id} destination={destination} />
          ))}
        </Table>
      )}
      {isCreating && <CreateDialog siteId={siteId} onClose={() => setCreating(false)} />}
    </>
  )
}

function DestinationRow({ destination }: { destination: DestinationView }) {
  const { id, name, webhook_type: type, receiver, state } = destination
  const { data: health } = useHealth(id)
  return (
    <tr>
      <th scope="row">
        <Link to="/destinations/$id" params={{ id }}>
          {name}
        </Link>
      </th>
      <td>{type}</td>
      <td>
        <DestinationStatus state={state} />
      </td>
      <td>{receiver}</td>
      <td>{health ? <BreakerState health={health} /> : <span className={cell.soft}>–</span>}</td>
      <td className={cell.numeric}>{health ? `${health.in_flight} of ${health.concurrency_now}` : '–'}</td>
      <td className={cell.numeric}>{health ? `${Math.round(health.mean_duration_ms)} ms` : '–'}</td>
    </tr>
  )
}
