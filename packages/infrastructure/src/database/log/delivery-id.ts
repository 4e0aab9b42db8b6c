/**
 * Ids of deliveries are UUIDs of version 7: the first 48 bits are the time of creation in milliseconds (RFC 9562 §5.7).
 * So a time range is an id range, and one index serves both order and time.
 */

/** The lowest id of a delivery that is created at that time. */
export function lowestIdAt(time: Date): string {
  const hex = Math.max(0, Math.floor(time.getTime())).toString(16).padStart(12, '0').slice(-12)
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** The time of creation in a delivery's id. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuidShape.test(text)
}
