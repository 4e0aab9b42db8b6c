import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { liveState, setLiveState } from './live-state.ts'
import { touchedBy } from './touched-by.ts'

/** However much happens, the page asks anew at most this often. */
const gatherMs = 1_000
/** Streams end every two minutes by themselves; only one that stays away is worth a word. */
const patienceMs = 5_000
const retryMs = 30_000

/**
 * Listens to what happens in a site for as long as the page is looked at, and has what became old asked for again.
 * @returns stops listening
 */
export function listen(client: QueryClient, siteId: number): () => void {
  const gathered = gather(client)
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
      const isOver = source?.readyState === EventSource.CLOSED
      timer = setTimeout(() => {
        setLiveState('polling')
        if (isOver) timer = setTimeout(open, retryMs)
      }, patienceMs)
    })
    for (const name of ['deliveries', 'operations', 'reset'] as const) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        gathered.add(touchedBy({ name, data: JSON.parse(data) }, siteId))
      })
    }
  }
  const look = (): void => (document.hidden ? close() : open())
  document.addEventListener('visibilitychange', look)
  open()
  return () => {
    document.removeEventListener('visibilitychange', look)
    close()
    gathered.stop()
    if (liveState() === 'live') setLiveState('polling')
  }
}

function gather(client: QueryClient): { add: (keys: QueryKey[] | null) => void; stop: () => void } {
  let old = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const ask = (): void => {
    timer = undefined
    const keys = [...old.values()]
    old = new Map()
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  return {
    add: (keys) => {
      for (const key of keys ?? [[]]) old.set(JSON.stringify(key), key)
      timer ??= setTimeout(ask, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}
