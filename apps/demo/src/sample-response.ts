import { destinationTypes, webhookTypes } from '@ghostpost/delivery/destinations'

export interface SampleResponse {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string>
}

const json = 'application/json'

/** Responds by path: `/hooks/<type>` as that tool accepts a webhook, `/status/<status>` with that status. */
export function sampleResponse(url: string): SampleResponse {
  const path = url.split('?')[0] ?? '/'
  const status = Number(/^\/status\/([2-5]\d\d)$/.exec(path)?.[1] ?? 0)
  if (status === 204) return { status, contentType: json, body: '' }
  if (status > 0)
    return { status, contentType: json, body: JSON.stringify({ status }), headers: retryAfterHeader(status) }
  const type = webhookTypes.find((one) => path === `/hooks/${one}`)
  const accepted = type && destinationTypes[type].sampleResponse
  return accepted ?? { status: 200, contentType: json, body: JSON.stringify({ received: true }) }
}

function retryAfterHeader(status: number): Record<string, string> {
  return status === 429 || status === 503 ? { 'retry-after': '5' } : {}
}
