import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

type Wait = NonNullable<DeliverySummary['wait']>

/** What a delivery waits for, in two words; null for the time of its next attempt, which is shown itself. */
export function formatWait({ for: waitsFor }: Wait): string | null {
  return waitTexts[waitsFor]
}

const waitTexts: Readonly<Record<Wait['for'], string | null>> = {
  due: 'due now',
  held: 'held back by its receiver',
  paused: 'paused',
  scheduled: null,
}
