import { useSyncExternalStore } from 'react'

/** live: told as it happens; polling: asked for; paused: somebody wants the page to hold still. */
export type LiveState = 'live' | 'polling' | 'paused'

const pollMs = 5_000
/** While live, only what was missed. */
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

/** How often what is told live is asked for all the same; never while the page is hidden. */
export function liveRefetchInterval(): number | false {
  if (state === 'paused') return false
  return state === 'live' ? livePollMs : pollMs
}

/** The same for what nothing is told about. */
export function pollRefetchInterval(): number | false {
  return state === 'paused' ? false : pollMs
}
