/** Headers that this system sets and that contain no secret. */
const publicHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-type',
  'content-length',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'traceparent',
  'x-hubspot-correlation-id',
])

export const masked = '•••'

/**
 * Masks request headers so that they can be stored and shown: lower-case names, and values only of headers that this
 * system sets without a secret. Custom headers and tokens are secrets; of a signature only the scheme is shown.
 */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      maskValue(name.toLowerCase(), value),
    ]),
  )
}

/** Whether the value of a request header is no secret. */
export function isPublicHeader(name: string): boolean {
  return publicHeaders.has(name.toLowerCase())
}

function maskValue(name: string, value: string): string {
  if (isPublicHeader(name)) return value
  if (name !== 'webhook-signature') return masked
  return value
    .split(' ')
    .map((signature) => `${signature.split(',')[0]},${masked}`)
    .join(' ')
}
