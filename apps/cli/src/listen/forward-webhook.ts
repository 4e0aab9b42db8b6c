import { request as openHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { UsageError } from '../exit-codes.ts'
import { readBody } from './read-body.ts'

/** The response of the developer's program, to be relayed to Ghostpost. */
export interface ForwardedResponse {
  status: number
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** Why there was no response; null when there was one. */
  problem: string | null
}

export interface IncomingWebhook {
  method: string
  headers: IncomingHttpHeaders
  body: Buffer
}

const responseBytesMax = 65_536
const responseTimeoutMs = 30_000

/** RFC 9110 §7.6.1: headers of one connection; and headers that are computed again. */
const hopHeaderPattern =
  /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length)$/
const relayedHeaders = ['content-type', 'retry-after'] as const

/**
 * Parses the URL to forward to.
 * @throws UsageError unless it is on this machine: webhooks contain personal data
 */
export function parseForwardTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const isHere = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (!isHere || url.protocol !== 'http:' || url.username !== '' || url.hash !== '')
    throw new UsageError('--forward needs a URL on this machine, such as http://127.0.0.1:3000/hooks')
  return url
}

/** Forwards a webhook unchanged and waits for the response. A failure of the program becomes a 502 or 504. */
export async function forwardWebhook(
  target: URL,
  webhook: IncomingWebhook,
  signal: AbortSignal,
): Promise<ForwardedResponse> {
  try {
    const response = await sendRequest(
      target,
      webhook,
      AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)]),
    )
    const body = await readBody(response, responseBytesMax)
    const headers = relayedHeaders.flatMap((name) => {
      const value = response.headers[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    return {
      status: response.statusCode ?? 502,
      headers: Object.fromEntries(headers),
      body: body ?? Buffer.alloc(0),
      problem: null,
    }
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    const problem = isTimeout ? `no response within ${responseTimeoutMs / 1_000} s` : reasonOf(error)
    return { status: isTimeout ? 504 : 502, headers: {}, body: Buffer.alloc(0), problem }
  }
}

function sendRequest(
  target: URL,
  { method, headers, body }: IncomingWebhook,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const forwarded = Object.entries(headers).filter(([name]) => !hopHeaderPattern.test(name))
  return new Promise((resolve, reject) => {
    const request = openHttp(
      target,
      {
        method,
        headers: { ...Object.fromEntries(forwarded), 'content-length': body.length },
        signal,
        agent: false,
      },
      resolve,
    )
    request.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error))
    request.end(body)
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
