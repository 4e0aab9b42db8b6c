/** The search parameters of a delivery's page. */
export interface DeliverySearch {
  /** Number of the open attempt; the last one by default. */
  attempt?: number | undefined
  /** Number of the attempt to compare it with. */
  with?: number | undefined
  /** `raw` shows the payload as JSON; by default it is a preview. */
  payload?: 'raw' | undefined
}

/** Keeps valid parameters and drops the rest. */
export function parseDeliverySearch(raw: Readonly<Record<string, unknown>>): DeliverySearch {
  const attempt = numberIn(raw['attempt'])
  const other = numberIn(raw['with'])
  return {
    ...(attempt !== null && { attempt }),
    ...(other !== null && { with: other }),
    ...(raw['payload'] === 'raw' && { payload: 'raw' }),
  }
}

function numberIn(value: unknown): number | null {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : null
}
