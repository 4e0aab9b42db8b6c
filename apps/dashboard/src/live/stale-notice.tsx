import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { Notice } from '../ui/notice.tsx'
import { formatDuration } from '../ui/format-time.ts'
import { useNow } from '../ui/time.tsx'

/** Older than that, numbers are told to be old. */
const staleAfterMs = 30_000

/** Says how old what stands on the page is, when asking again does not work. */
export function StaleNotice() {
  const client = useQueryClient()
  const now = useNow()
  const since = oldestStaleAt(client)
  if (since === null || now - since < staleAfterMs) return null
  return (
    <Notice tone="warn">
      What stands here is {formatDuration(now - since)} old: the API does not answer. It is asked again and
      again.
    </Notice>
  )
}

/** When the oldest of the answers on the page was given that could not be renewed; null when all could. */
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
