import type { Settlement, SettlementExpectation } from '@ghostpost/delivery'
import type { QueueBackend } from './backend.ts'
import type { SettlementListener } from './delivery-queue.ts'

type Hear = (settlement: Settlement | null) => void

/** One reader per process of the first attempts' results, however many callers wait. */
export function listenForSettlements(backend: QueueBackend): SettlementListener {
  const waiting = new Map<string, Set<Hear>>()
  const events = backend.openEvents('live')
  events.on('completed', ({ returnvalue }) => {
    const settlement = settlementIn(returnvalue)
    for (const hear of waiting.get(settlement?.deliveryId ?? '') ?? []) hear(settlement)
  })
  return {
    ready: async () => void (await events.waitUntilReady()),
    expect: (deliveryId) => expectOne(waiting, deliveryId),
    close: async () => {
      for (const hears of waiting.values()) for (const hear of hears) hear(null)
      await events.close()
    },
  }
}

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

/** The job's result crosses Redis as JSON text; the Postgres backend hands it over parsed. */
function settlementIn(returnvalue: unknown): Settlement | null {
  const value: unknown = typeof returnvalue === 'string' ? JSON.parse(returnvalue) : returnvalue
  return typeof value === 'object' && value !== null && 'deliveryId' in value ? (value as Settlement) : null
}
