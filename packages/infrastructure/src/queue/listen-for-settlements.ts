import type { Settlement, SettlementSubscription } from '@ghostpost/delivery/deliver'
import type { QueueBackend } from './queue-backend.ts'
import type { SettlementListener } from './delivery-queue.ts'

type OnSettlement = (settlement: Settlement | null) => void

/** Opens one reader per process for the results of first attempts, shared by all waiting callers. */
export function listenForSettlements(backend: QueueBackend): SettlementListener {
  const waiting = new Map<string, Set<OnSettlement>>()
  let closed = false
  const results = backend.openResults((result) => {
    const settlement = parseSettlement(result)
    for (const onSettlement of waiting.get(settlement?.deliveryId ?? '') ?? []) onSettlement(settlement)
  })
  return {
    ready: results.ready,
    expect: (deliveryId) => (closed ? closedExpectation : addExpectation(waiting, deliveryId)),
    close: async () => {
      closed = true
      for (const listeners of waiting.values()) for (const onSettlement of listeners) onSettlement(null)
      waiting.clear()
      await results.close()
    },
  }
}

const closedExpectation: SettlementSubscription = { waitFor: async () => null, cancel: () => {} }

function addExpectation(waiting: Map<string, Set<OnSettlement>>, deliveryId: string): SettlementSubscription {
  const { promise: settled, resolve } = Promise.withResolvers<Settlement | null>()
  const listeners = waiting.get(deliveryId) ?? new Set()
  const dismiss = (): void => {
    listeners.delete(resolve)
    if (listeners.size === 0 && waiting.get(deliveryId) === listeners) waiting.delete(deliveryId)
  }
  waiting.set(deliveryId, listeners.add(resolve))
  return {
    cancel: dismiss,
    waitFor: async (waitMs) => {
      const timer = setTimeout(() => resolve(null), waitMs)
      try {
        return await settled
      } finally {
        clearTimeout(timer)
        dismiss()
      }
    },
  }
}

/** A settlement crosses the store as JSON. The result of a job without a settlement is null. */
function parseSettlement(result: unknown): Settlement | null {
  return typeof result === 'object' && result !== null && 'deliveryId' in result
    ? (result as Settlement)
    : null
}
