import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { Notice } from '../ui/notice.tsx'
import { tellDuration } from '../ui/tell-time.ts'
import { useNow } from '../ui/time.tsx'

/** Older than that, numbers are told to be old. */
const freshMs = 30_000

/** Says how old what stands on the page is, when asking again does not work. */
export function StaleNotice() {
  const client = useQueryClient()
  const now = useNow()
  const since = oldestUnanswered(client)
  if (since === null || now - since < freshMs) return null
  return (
    <Notice tone="warn">
      What stands here is {tellDuration(now - since)} old: the API does not answer. It is asked again and
      again.
    </Notice>
  )
}

/** When the oldest of the answers on the page was given that could not be renewed; null when all could. */
export function oldestUnanswered(client: QueryClient): number | null {
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
