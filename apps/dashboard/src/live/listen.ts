import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { liveState, setLiveState } from './live-state.ts'
import { keysToInvalidate } from './keys-to-invalidate.ts'

/** Invalidations within this time are sent together. */
const batchMs = 1_000
/** The API ends each stream after two minutes. The page shows a disconnect only when reconnecting takes longer. */
const disconnectGraceMs = 5_000
const retryMs = 30_000

/**
 * Listens to a site's events while the page is visible, and refetches the data they make stale.
 * @returns a function that stops listening
 */
export function listen(client: QueryClient, siteId: number): () => void {
  const batch = batchInvalidations(client)
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const close = (): void => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = (): void => {
    close()
    if (document.hidden || liveState() === 'paused') return
    source = new EventSource(`/api/stream?siteId=${siteId}`)
    source.addEventListener('open', () => {
      clearTimeout(timer)
      setLiveState('live')
    })
    source.addEventListener('error', () => {
      clearTimeout(timer)
      const isClosed = source?.readyState === EventSource.CLOSED
      timer = setTimeout(() => {
        setLiveState('polling')
        if (isClosed) timer = setTimeout(open, retryMs)
      }, disconnectGraceMs)
    })
    for (const name of ['deliveries', 'operations', 'reset'] as const) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        batch.add(keysToInvalidate({ name, data: JSON.parse(data) }, siteId))
      })
    }
  }
  const onVisibilityChange = (): void => (document.hidden ? close() : open())
  document.addEventListener('visibilitychange', onVisibilityChange)
  open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibilityChange)
    close()
    batch.stop()
    if (liveState() === 'live') setLiveState('polling')
  }
}

function batchInvalidations(client: QueryClient): {
  add: (keys: QueryKey[] | null) => void
  stop: () => void
} {
  let pending = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    const keys = [...pending.values()]
    pending = new Map()
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  return {
    add: (keys) => {
      for (const key of keys ?? [[]]) pending.set(JSON.stringify(key), key)
      timer ??= setTimeout(flush, batchMs)
    },
    stop: () => clearTimeout(timer),
  }
}
