import { useSyncExternalStore } from 'react'

/** live: told as it happens; polling: asked for; paused: somebody wants the page to hold still. */
export type LiveState = 'live' | 'polling' | 'paused'

const pollMs = 5_000
/** While live, only what was missed. */
const calmMs = 30_000

let state: LiveState = 'polling'
const listeners = new Set<() => void>()

export function setLiveState(next: LiveState): void {
  if (next === state) return
  state = next
  for (const tell of listeners) tell()
}

export function liveState(): LiveState {
  return state
}

export function useLiveState(): LiveState {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, liveState)
}

/** How often what is told live is asked for all the same; never while the page is hidden. */
export function refreshed(): number | false {
  if (state === 'paused') return false
  return state === 'live' ? calmMs : pollMs
}

/** The same for what nothing is told about. */
export function polled(): number | false {
  return state === 'paused' ? false : pollMs
}
