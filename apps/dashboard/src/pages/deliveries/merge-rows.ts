import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

interface ShownRow {
  delivery: DeliverySummary
  /** It was here, and is not what was looked for any more. */
  noLongerMatches: boolean
}

export interface MergedRows {
  rows: ShownRow[]
  /** How many newer ones wait to be shown. */
  newerCount: number
}

/**
 * Brings the rows on the screen up to date without moving any: what changed changes in its place, what is new is counted.
 * @param shown as they stand there
 * @param latest the same page, asked for again
 */
export function mergeRows(shown: readonly DeliverySummary[], latest: readonly DeliverySummary[]): MergedRows {
  const latestById = new Map(latest.map((delivery) => [delivery.delivery_id, delivery]))
  const shownIds = new Set(shown.map(({ delivery_id: id }) => id))
  const first = shown[0]
  const last = latest.at(-1)
  return {
    rows: shown.map((delivery) => {
      const current = latestById.get(delivery.delivery_id)
      // Below the last one that was answered it was only pushed off the page.
      return { delivery: current ?? delivery, noLongerMatches: !current && isNewerThan(delivery, last) }
    }),
    newerCount: latest.filter(
      (delivery) => !shownIds.has(delivery.delivery_id) && (!first || isNewerThan(delivery, first)),
    ).length,
  }
}

/** Ids of deliveries are ordered by time. */
function isNewerThan(one: DeliverySummary, other: DeliverySummary | undefined): boolean {
  return other === undefined || one.delivery_id > other.delivery_id
}
