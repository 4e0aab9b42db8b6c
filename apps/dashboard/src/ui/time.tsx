import { useSyncExternalStore } from 'react'
import { formatDistance, formatTime, formatFullTime } from './format-time.ts'
import styles from './time.module.css'
import { useZone } from './zone.ts'

const tickMs = 5_000

let shownNow = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    shownNow = Date.now()
    for (const one of listeners) one()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The current time in milliseconds, updated every five seconds by one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shownNow)
}

/** The shown clock is up to five seconds old: what happened since then is not in the future. */
export function clockFor(at: string, shown: number, now: number = Date.now()): number {
  const time = new Date(at).getTime()
  return time > shown && time <= now ? now : Math.max(shown, shownNow)
}

/** A time of day with its distance from now; `only` shows just the distance. */
export function Time({ at, distance = true }: { at: string; distance?: boolean | 'only' }) {
  const zone = useZone()
  const now = useNow()
  const relative = formatDistance(at, clockFor(at, now))
  const clock = formatTime(at, zone)
  return (
    <time className={styles.time} dateTime={at} title={`${formatFullTime(at, zone)} (${relative})`}>
      {distance === 'only' ? relative : clock}
      {distance === true && ` · ${relative}`}
    </time>
  )
}
