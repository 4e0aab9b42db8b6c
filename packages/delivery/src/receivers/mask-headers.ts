/** Headers of ours, which say nothing that is secret. */
const publicHeaders: ReadonlySet<string> = new Set([
  'accept',
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
 * Headers of a request as they may be kept and shown: names lower-case, values hidden unless they are ours and say
 * nothing secret. A site's custom headers and tokens are secrets; of a signature its scheme is shown.
 */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      maskValue(name.toLowerCase(), value),
    ]),
  )
}

function maskValue(name: string, value: string): string {
  if (publicHeaders.has(name)) return value
  if (name !== 'webhook-signature') return masked
  return value
    .split(' ')
    .map((signature) => `${signature.split(',')[0]},${masked}`)
    .join(' ')
}
