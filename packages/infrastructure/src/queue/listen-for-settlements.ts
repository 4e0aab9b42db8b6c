import type { Settlement, SettlementExpectation } from '@ghostpost/delivery/deliver'
import type { QueueBackend } from './backend.ts'
import type { SettlementListener } from './delivery-queue.ts'

type Hear = (settlement: Settlement | null) => void

/** One reader per process of the first attempts' results, however many callers wait. */
export function listenForSettlements(backend: QueueBackend): SettlementListener {
  const waiting = new Map<string, Set<Hear>>()
  let closed = false
  const results = backend.openResults((result) => {
    const settlement = settlementIn(result)
    for (const hear of waiting.get(settlement?.deliveryId ?? '') ?? []) hear(settlement)
  })
  return {
    ready: results.ready,
    expect: (deliveryId) => (closed ? nothingToExpect : expectOne(waiting, deliveryId)),
    close: async () => {
      closed = true
      for (const hears of waiting.values()) for (const hear of hears) hear(null)
      waiting.clear()
      await results.close()
    },
  }
}

const nothingToExpect: SettlementExpectation = { within: async () => null, dismiss: () => {} }

function expectOne(waiting: Map<string, Set<Hear>>, deliveryId: string): SettlementExpectation {
  const { promise: heard, resolve } = Promise.withResolvers<Settlement | null>()
  const hears = waiting.get(deliveryId) ?? new Set()
  const dismiss = (): void => {
    hears.delete(resolve)
    if (hears.size === 0 && waiting.get(deliveryId) === hears) waiting.delete(deliveryId)
  }
  waiting.set(deliveryId, hears.add(resolve))
  return {
    dismiss,
    within: async (waitMs) => {
      const timer = setTimeout(() => resolve(null), waitMs)
      try {
        return await heard
      } finally {
        clearTimeout(timer)
        dismiss()
      }
    },
  }
}

/** A result of ours crossed the store as JSON; a job that settled nothing has null. */
function settlementIn(result: unknown): Settlement | null {
  return typeof result === 'object' && result !== null && 'deliveryId' in result
    ? (result as Settlement)
    : null
}
