export interface SampleResponse {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string>
}

const json = 'application/json'

/** The response of each tool to an accepted webhook. */
const acceptedResponses: Readonly<Record<string, SampleResponse>> = {
  '/hooks/slack': { status: 200, contentType: 'text/html', body: 'ok' },
  '/hooks/discord': {
    status: 200,
    contentType: json,
    body: JSON.stringify({ id: '1100000000000000001', type: 0 }),
  },
  '/hooks/hubspot': { status: 202, contentType: json, body: JSON.stringify({ id: 'enrollment-1' }) },
  '/hooks/salesforce': {
    status: 201,
    contentType: json,
    body: JSON.stringify({ id: '00Q000000000001', success: true, errors: [] }),
  },
}

/** Chooses the response by path: that of the tool, or the status in the path. */
export function sampleResponse(url: string): SampleResponse {
  const path = url.split('?')[0] ?? '/'
  const status = Number(/^\/status\/([2-5]\d\d)$/.exec(path)?.[1] ?? 0)
  if (status === 204) return { status, contentType: json, body: '' }
  if (status > 0)
    return { status, contentType: json, body: JSON.stringify({ status }), headers: retryAfterHeader(status) }
  return (
    acceptedResponses[path] ?? { status: 200, contentType: json, body: JSON.stringify({ received: true }) }
  )
}

function retryAfterHeader(status: number): Record<string, string> {
  return status === 429 || status === 503 ? { 'retry-after': '5' } : {}
}
