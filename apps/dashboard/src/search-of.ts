export type Query = Readonly<Record<string, string | number | undefined>>

/** Formats query parameters as `?a=b` and leaves out empty ones. */
export function searchOf(query: Query): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  if (present.length === 0) return ''
  return `?${new URLSearchParams(present.map(([name, value]) => [name, String(value)])).toString()}`
}
