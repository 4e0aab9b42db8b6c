import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

interface ShownRow {
  delivery: DeliverySummary
  /** The row is still shown, but no longer matches the filter. */
  noLongerMatches: boolean
}

export interface MergedRows {
  rows: ShownRow[]
  /** Number of newer deliveries that are not shown yet. */
  newerCount: number
}

/**
 * Updates the shown rows in place, without moving any, and counts new deliveries.
 * @param shown the rows on the screen
 * @param latest the same page, refetched
 */
export function mergeRows(shown: readonly DeliverySummary[], latest: readonly DeliverySummary[]): MergedRows {
  const latestById = new Map(latest.map((delivery) => [delivery.delivery_id, delivery]))
  const shownIds = new Set(shown.map(({ delivery_id: id }) => id))
  const first = shown[0]
  const last = latest.at(-1)
  return {
    rows: shown.map((delivery) => {
      const current = latestById.get(delivery.delivery_id)
      // A row older than the last one of the refetched page still matches; newer rows pushed it off the page.
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
