import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { pollRefetchInterval } from '../../live/live-state.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { useDestinationStats } from '../../stats/use-stats.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { DestinationTable } from './destination-table.tsx'

/** The saved destinations of the site and their health. */
export function DestinationsPage() {
  const { id: siteId } = useSite()
  const [isCreating, setCreating] = useState(false)
  const refusal = useRefusal('operator')
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
    refetchInterval: pollRefetchInterval,
  })
  const stats = useDestinationStats(siteId)
  const items = destinations.data?.items
  const error = destinations.error ?? stats.error
  const add = (
    <Button look="primary" data-key="n" refusal={refusal} onClick={() => setCreating(true)}>
      New destination
    </Button>
  )
  return (
    <>
      <PageHead title="Destinations">{add}</PageHead>
      {error && (
        <FailureNotice
          error={error}
          retry={() => void Promise.all([destinations.refetch(), stats.refetch()])}
        />
      )}
      {items?.length === 0 ? (
        <Empty title="No saved destinations">
          <p>
            A saved destination stores a URL with its secrets and limits. Exports name it instead of a URL,
            requests can be signed, and you can pause it without losing deliveries.
          </p>
        </Empty>
      ) : (
        <DestinationTable
          caption="Saved destinations, with their last 24 hours"
          destinations={items}
          stats={stats.data}
          rows={6}
        />
      )}
      {isCreating && <CreateDialog siteId={siteId} onClose={() => setCreating(false)} />}
    </>
  )
}
