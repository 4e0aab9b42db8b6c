import type { Destination } from '../../src/destinations/destination.ts'
import type { HttpResponse } from '../../src/deliver/outcome.ts'
import type { Failure, Verdict } from '../../src/deliver/verdict.ts'

export const now = new Date('2026-11-23T12:00:00.000Z')

/** A response as the sender returns it; a body that is not a string is encoded as JSON. */
export function httpResponse(
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    kind: 'answered',
    status,
    headers,
    body: text,
    bodyBytes: Buffer.byteLength(text),
    bodyEnd: 'complete',
  }
}

export function verdictOn(
  destination: Destination,
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): Verdict {
  return destination.judgeResponse(httpResponse(status, body, headers), now)
}

/** The failure of a verdict; throws if the verdict is delivered. */
export function failureIn(verdict: Verdict): Failure {
  if (verdict.decision === 'delivered') throw new Error('the verdict is delivered')
  return verdict.failure
}

/** A verdict in one line: "delivered", "retry rate_limited after 2000", "give_up not_found", "gone receiver_gone". */
export function brief(verdict: Verdict): string {
  if (verdict.decision === 'delivered')
    return verdict.receipt === null ? 'delivered' : `delivered ${verdict.receipt}`
  const { cause } = verdict.failure
  if (verdict.decision === 'give_up') return `${verdict.receiverGone ? 'gone' : 'give_up'} ${cause}`
  return verdict.retryAfterMs === null ? `retry ${cause}` : `retry ${cause} after ${verdict.retryAfterMs}`
}
