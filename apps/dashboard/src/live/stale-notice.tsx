import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { Notice } from '../ui/notice.tsx'
import { formatDuration } from '../ui/format-time.ts'
import { useNow } from '../ui/time.tsx'

/** The page marks data older than this as stale. */
const staleAfterMs = 30_000

/** Shows how old the data on the page is when refetching fails. */
export function StaleNotice() {
  const client = useQueryClient()
  const now = useNow()
  const since = oldestStaleAt(client)
  if (since === null || now - since < staleAfterMs) return null
  return (
    <Notice tone="warn">
      The data on this page is {formatDuration(now - since)} old: the API does not respond. The page keeps
      retrying.
    </Notice>
  )
}

/** Time of the oldest data on the page that could not be refetched, in milliseconds; null when there is none. */
export function oldestStaleAt(client: QueryClient): number | null {
  const times = client
    .getQueryCache()
    .getAll()
    .filter((query) => query.isActive() && query.state.data !== undefined)
    .filter(
      ({ state }) => state.fetchFailureCount > 0 || state.error !== null || state.fetchStatus === 'paused',
    )
    .map(({ state }) => state.dataUpdatedAt)
  return times.length === 0 ? null : Math.min(...times)
}
