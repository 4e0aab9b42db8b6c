import { request as openHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { UsageError } from '../exit-codes.ts'
import { readAtMost } from './read-at-most.ts'

/** What the developer's own program said, to be said to Ghostpost. */
export interface Relayed {
  status: number
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** Why it said nothing; null when it did. */
  problem: string | null
}

export interface Webhook {
  method: string
  headers: IncomingHttpHeaders
  body: Buffer
}

const answerBytesMax = 65_536
const answerTimeoutMs = 30_000

/** RFC 9110 §7.6.1: what is for one connection only; and what is made anew. */
const notForwarded =
  /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length)$/
const relayed = ['content-type', 'retry-after'] as const

/**
 * Reads where to forward to.
 * @throws UsageError unless it is on this machine: what comes in may hold people's data
 */
export function forwardTarget(text: string): URL {
  const url = URL.parse(text)
  const isHere = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (!isHere || url.protocol !== 'http:' || url.username !== '' || url.hash !== '')
    throw new UsageError('--forward is an address on this machine, such as http://127.0.0.1:3000/hooks')
  return url
}

/** Hands a webhook on, byte for byte, and waits for what is said to it. Never throws for what that program does. */
export async function forwardWebhook(target: URL, webhook: Webhook, signal: AbortSignal): Promise<Relayed> {
  try {
    const answer = await exchange(
      target,
      webhook,
      AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    )
    const body = await readAtMost(answer, answerBytesMax)
    const headers = relayed.flatMap((name) => {
      const value = answer.headers[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    return {
      status: answer.statusCode ?? 502,
      headers: Object.fromEntries(headers),
      body: body ?? Buffer.alloc(0),
      problem: null,
    }
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const problem = isLate ? `no answer within ${answerTimeoutMs / 1_000} s` : reasonOf(error)
    return { status: isLate ? 504 : 502, headers: {}, body: Buffer.alloc(0), problem }
  }
}

function exchange(
  target: URL,
  { method, headers, body }: Webhook,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const kept = Object.entries(headers).filter(([name]) => !notForwarded.test(name))
  return new Promise((resolve, reject) => {
    const request = openHttp(
      target,
      {
        method,
        headers: { ...Object.fromEntries(kept), 'content-length': body.length },
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
