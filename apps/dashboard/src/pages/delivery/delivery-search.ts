/** What the address of a delivery's page says beside which one it is. */
export interface DeliverySearch {
  /** The attempt that is open; the last one unless it says. */
  attempt?: number | undefined
  /** The attempt it is compared with. */
  with?: number | undefined
  /** How the payload is shown; as its receiver shows it unless it says. */
  payload?: 'raw' | undefined
}

/** Keeps what is as it must be and drops the rest. */
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
