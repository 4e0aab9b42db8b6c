import { setTimeout as pause } from 'node:timers/promises'

/** Chooses an API by the responses of `/readyz`, as a load balancer does. */
export interface Balancer {
  /** Calls `/readyz` of all APIs now; the next `pick` uses the responses. */
  refresh: () => Promise<void>
  /** The ready addresses in turn; every address in turn while none is ready. */
  pick: (turn: number) => string
  stop: () => Promise<void>
}

/** A slower API counts as not ready. */
const responseMaxMs = 2_000

/**
 * @param addresses returns the base addresses of all APIs; they may change
 * @param everyMs pause between two checks of all APIs
 */
export function openBalancer(addresses: () => readonly string[], everyMs: number): Balancer {
  let ready: readonly string[] = []
  const stopped = new AbortController()
  const refresh = async (): Promise<void> => {
    const polled = addresses()
    const states = await Promise.all(polled.map(isReady))
    ready = polled.filter((_, index) => states[index])
  }
  const polling = (async () => {
    while (!stopped.signal.aborted) {
      await refresh()
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  })()
  return {
    refresh,
    pick: (turn) => {
      const candidates = ready.length > 0 ? ready : addresses()
      return candidates[turn % candidates.length] ?? ''
    },
    stop: async () => {
      stopped.abort()
      await polling
    },
  }
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(responseMaxMs) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
