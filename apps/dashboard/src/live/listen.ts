import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { liveState, setLiveState } from './live-state.ts'
import { keysToInvalidate } from './keys-to-invalidate.ts'

/** However much happens, the page asks anew at most this often. */
const batchMs = 1_000
/** Streams end every two minutes by themselves; only one that stays away is worth a word. */
const disconnectGraceMs = 5_000
const retryMs = 30_000

/**
 * Listens to what happens in a site for as long as the page is looked at, and has what became old asked for again.
 * @returns stops listening
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
