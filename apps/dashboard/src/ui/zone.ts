import { useSyncExternalStore } from 'react'

const key = 'ghostpost-zone'

/** The time zone of displayed times: the browser's, or UTC as in logs. */
export type Zone = 'local' | 'utc'

const listeners = new Set<() => void>()

function readZone(): Zone {
  return localStorage.getItem(key) === 'utc' ? 'utc' : 'local'
}

export function chooseZone(zone: Zone): void {
  localStorage.setItem(key, zone)
  for (const listener of listeners) listener()
}

export function useZone(): Zone {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, readZone)
}
