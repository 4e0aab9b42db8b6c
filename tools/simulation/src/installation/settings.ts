import type { AttemptSettings } from '@ghostpost/delivery/deliver'
import type { StoreSettings } from '../stores/index.ts'

/** Shorter than in an installation, so that a history needs few events. The proportions are the same. */
export const storeSettings: StoreSettings = {
  claimMs: 30_000,
  sweepAfterMs: 10_000,
  sweepEveryMaxMs: 300_000,
  bodiesKeptMs: 60_000,
}

export const attemptSettings: AttemptSettings = {
  retryScheduleMs: [0, 2_000, 5_000, 10_000, 20_000],
  repeatUnknownOutcomes: false,
  attemptTimeoutMs: 10_000,
  claimMs: storeSettings.claimMs,
  publicUrl: 'https://ghostpost.example.com',
  userAgent: 'Ghostpost/simulation',
}

export const periods = {
  sweepMs: 5_000,
  feedMs: 1_000,
  alertsMs: 5_000,
  pruneMs: 20_000,
  /** How long a call of the API waits for a settlement. */
  waitMs: 12_000,
  /** How long a worker that was asked to end finishes its attempts. */
  stopMs: 8_000,
  /** How often an attempt is recorded again while its claim is valid. */
  recordAgainMs: 500,
} as const

export const workerSlots = 8
