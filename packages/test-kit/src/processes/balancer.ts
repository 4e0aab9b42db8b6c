import { setTimeout as pause } from 'node:timers/promises'

/** Chooses whom to send to by what `/readyz` says, as a load balancer does. */
export interface Balancer {
  /** Asks now, so that the answer counts for the next choice. */
  look: () => Promise<void>
  /** One that said it is ready, in turn; any of them when none did, as balancers do in despair. */
  pick: (turn: number) => string
  stop: () => Promise<void>
}

const answerMaxMs = 1_000

/**
 * @param addresses base addresses of all there are; may change
 * @param everyMs how often each is asked
 */
export function openBalancer(addresses: () => readonly string[], everyMs: number): Balancer {
  let ready: readonly string[] = []
  const stopped = new AbortController()
  const look = async (): Promise<void> => {
    const asked = addresses()
    const answers = await Promise.all(asked.map(isReady))
    ready = asked.filter((_, index) => answers[index])
  }
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      await look()
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  })()
  return {
    look,
    pick: (turn) => {
      const choice = ready.length > 0 ? ready : addresses()
      return choice[turn % choice.length] ?? ''
    },
    stop: async () => {
      stopped.abort()
      await looking
    },
  }
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(answerMaxMs) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
