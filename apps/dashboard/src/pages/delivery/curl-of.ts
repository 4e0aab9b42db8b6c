import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

/** Headers that curl sets itself. */
const headersSetByCurl = new Set([
  'content-length',
  'host',
  'connection',
  'transfer-encoding',
  'accept-encoding',
])

/**
 * The newest sent attempt as a curl command; before the first attempt, the request it would send. Shell variables
 * replace secrets: the receiver's URL and masked headers.
 */
export function curlOf({ attempts, payload }: Pick<DeliveryView, 'attempts' | 'payload'>): string {
  const sent = attempts.findLast(({ request_headers: headers }) => headers !== null)
  const headers = Object.entries(sent?.request_headers ?? { 'content-type': 'application/json' }).filter(
    ([name]) => !headersSetByCurl.has(name.toLowerCase()),
  )
  const lines = [
    `curl -sS -X ${sent?.request_method ?? 'POST'} "$RECEIVER_URL"`,
    ...headers.map(headerLine),
    `--data-raw ${quote(sent?.request_body ?? payload ?? '{}')}`,
  ]
  return lines.join(' \\\n  ')
}

function headerLine([name, value]: [string, string]): string {
  if (!/\*\*\*|•/.test(value)) return `-H ${quote(`${name}: ${value}`)}`
  return `-H "${name}: $${name.toUpperCase().replaceAll(/\W/g, '_')}"`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
