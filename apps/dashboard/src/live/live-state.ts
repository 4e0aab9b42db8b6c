import { useSyncExternalStore } from 'react'

/** live: events arrive; polling: no event stream; paused: the user paused all updates. */
export type LiveState = 'live' | 'polling' | 'paused'

const pollMs = 5_000
/** While live, polling only repairs missed events. */
const livePollMs = 30_000

let state: LiveState = 'polling'
const listeners = new Set<() => void>()

export function setLiveState(next: LiveState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

export function liveState(): LiveState {
  return state
}

export function useLiveState(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, liveState)
}

/** Polling interval in milliseconds of data that events cover; false while paused. A hidden page does not poll. */
export function liveRefetchInterval(): number | false {
  if (state === 'paused') return false
  return state === 'live' ? livePollMs : pollMs
}

/** Polling interval in milliseconds of data without events; false while paused. */
export function pollRefetchInterval(): number | false {
  return state === 'paused' ? false : pollMs
}
