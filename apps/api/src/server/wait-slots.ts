import { openNestedSlots } from '@ghostpost/delivery/sharing'
import type { Settings } from '@ghostpost/infrastructure/config'

export interface WaitSlots {
  /** The number of callers that wait now. */
  count: () => number
  /**
   * Runs `work` with the time it may wait: `requestedMs`, or 0 if the callers of the site, or of the receiver in it,
   * have used up their share of the slots.
   */
  runWithWait: <T>(
    waitsFor: { siteId: number; receiver: string },
    requestedMs: number,
    work: (waitMs: number) => Promise<T>,
  ) => Promise<T>
}

const afterAttemptMs = 1_000

/**
 * How long a test waits for its attempt, in milliseconds: longer than the attempt may take, so that a time-out is
 * reported as one.
 */
export function testWaitMs(settings: Settings): number {
  return Math.max(settings.GHOSTPOST_WAIT_MS, settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS + afterAttemptMs)
}

/** A fifth of all slots for one site, and half of those for one of its receivers. */
const shares = { memberShare: 1 }

/**
 * Slots for callers that wait for a delivery's first outcome. A caller without a slot gets 202 at once. A site whose
 * receivers hang leaves slots for other sites, and a receiver that hangs leaves slots for the site's other receivers.
 * @param max most callers that wait at once
 */
export function openWaitSlots(max: number): WaitSlots {
  const slots = openNestedSlots(max, shares)
  return {
    count: slots.inUse,
    runWithWait: async ({ siteId, receiver }, requestedMs, work) => {
      const release = requestedMs === 0 ? null : slots.tryAcquire(String(siteId), receiver)
      if (!release) return work(0)
      try {
        return await work(requestedMs)
      } finally {
        release()
      }
    },
  }
}
