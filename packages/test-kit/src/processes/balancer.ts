import { setTimeout as pause } from 'node:timers/promises'

/** Chooses whom to send to by what `/readyz` says, as a load balancer does. */
export interface Balancer {
  /** Asks now, so that the answer counts for the next choice. */
  refresh: () => Promise<void>
  /** One that said it is ready, in turn; any of them when none did, as balancers do in despair. */
  pick: (turn: number) => string
  stop: () => Promise<void>
}

const responseMaxMs = 1_000

/**
 * @param addresses base addresses of all there are; may change
 * @param everyMs how often each is asked
 */
export function openBalancer(addresses: () => readonly string[], everyMs: number): Balancer {
  let ready: readonly string[] = []
  const stopped = new AbortController()
  const refresh = async (): Promise<void> => {
    const polled = addresses()
    const answers = await Promise.all(polled.map(isReady))
    ready = polled.filter((_, index) => answers[index])
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
