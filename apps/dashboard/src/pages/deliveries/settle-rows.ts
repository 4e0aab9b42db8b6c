import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

interface ShownRow {
  delivery: DeliverySummary
  /** It was here, and is not what was looked for any more. */
  left: boolean
}

export interface SettledRows {
  rows: ShownRow[]
  /** How many newer ones wait to be shown. */
  newer: number
}

/**
 * Brings the rows on the screen up to date without moving any: what changed changes in its place, what is new is counted.
 * @param shown as they stand there
 * @param latest the same page, asked for again
 */
export function settleRows(
  shown: readonly DeliverySummary[],
  latest: readonly DeliverySummary[],
): SettledRows {
  const fresh = new Map(latest.map((delivery) => [delivery.delivery_id, delivery]))
  const onScreen = new Set(shown.map(({ delivery_id: id }) => id))
  const first = shown[0]
  const last = latest.at(-1)
  return {
    rows: shown.map((delivery) => {
      const now = fresh.get(delivery.delivery_id)
      // Below the last one that was answered it was only pushed off the page.
      return { delivery: now ?? delivery, left: !now && isNewerThan(delivery, last) }
    }),
    newer: latest.filter(
      (delivery) => !onScreen.has(delivery.delivery_id) && (!first || isNewerThan(delivery, first)),
    ).length,
  }
}

/** Ids of deliveries are ordered by time. */
function isNewerThan(one: DeliverySummary, other: DeliverySummary | undefined): boolean {
  return other === undefined || one.delivery_id > other.delivery_id
}
