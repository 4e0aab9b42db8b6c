import type { Settlement, SettlementSubscription } from '@ghostpost/delivery/deliver'
import type { Life, World } from '../processes/index.ts'

/** Reports the settlements of workers to the waiting calls of the APIs. Loses those to which nobody listens. */
export interface Settlements {
  publish: (settlement: Settlement) => void
  subscribe: (life: Life, deliveryId: string) => SettlementSubscription
}

type OnSettlement = (settlement: Settlement | null) => void

export function openSettlements({ hasBug }: World): Settlements {
  const waiting = new Map<string, Set<OnSettlement>>()
  return {
    publish: (settlement) => {
      const all = [...waiting.values()].flatMap((listeners) => [...listeners])
      const own = [...(waiting.get(settlement.deliveryId) ?? [])]
      for (const listener of hasBug('settlement-to-all') ? all : own) listener(settlement)
    },
    subscribe: (life, deliveryId) => {
      const { promise, resolve } = Promise.withResolvers<Settlement | null>()
      const listeners = waiting.get(deliveryId) ?? new Set<OnSettlement>()
      waiting.set(deliveryId, listeners.add(resolve))
      const cancel = (): void => {
        listeners.delete(resolve)
        if (listeners.size === 0) waiting.delete(deliveryId)
      }
      life.onEnd(cancel)
      return {
        cancel,
        waitFor: async (waitMs) => {
          const settled = await Promise.race([promise, life.pause(waitMs).then(() => null)])
          cancel()
          return settled
        },
      }
    },
  }
}
