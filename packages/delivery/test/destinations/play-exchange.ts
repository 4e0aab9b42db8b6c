import type { Destination, RequestVariant } from '../../src/destinations/destination.ts'
import type { HttpResponse } from '../../src/deliver/outcome.ts'
import type { RecordReference, Verdict } from '../../src/deliver/verdict.ts'
import type { VisitorProfile } from '../../src/visitors/visitor-profile.ts'
import { documentedOptions } from '../visitors/visitor-factory.ts'
import { httpResponse, now } from './response-factory.ts'

export interface PlayedExchange {
  /** Every request as "PATCH /path?query", in order. */
  lines: string[]
  requests: RequestVariant[]
  verdict: Verdict
  omitted: string[]
}

/** A receiver in memory: responds to a request by its method, path with query, and body. */
export type Respond = (
  line: string,
  body: Record<string, unknown>,
) => readonly [status: number, body?: unknown]

/** Plays the exchange of one attempt against a receiver, as an attempt does but without a network. */
export function playExchange(
  destination: Destination,
  receiverUrl: URL,
  visitor: VisitorProfile,
  respond: Respond,
  earlier: RecordReference | null = null,
): PlayedExchange {
  const payload = JSON.stringify(destination.buildBody(visitor, documentedOptions({ receiverUrl })))
  const { headers: _, ...prepared } = destination.prepareRequest(receiverUrl, 'agent', payload)
  let current: RequestVariant = { body: payload, ...prepared }
  const requests: RequestVariant[] = []
  let decisive: { request: RequestVariant; response: HttpResponse } | null = null
  let omitted: string[] = []
  for (let step = 0; step < 12; step += 1) {
    requests.push(current)
    const response = httpResponse(...respond(lineOf(current), bodyOf(current)))
    if (decisive === null || !current.isAside) decisive = { request: current, response }
    omitted = (current.omitted ?? []).map(({ field, code }) => `${field} ${code}`)
    const next = destination.nextVariant?.(current, response, payload, earlier)
    if (!next) break
    current = { ...current, ...next }
  }
  if (decisive === null) throw new Error('nothing was sent')
  const verdict = destination.judgeResponse(decisive.response, now, decisive.request.url)
  return { lines: requests.map(lineOf), requests, verdict, omitted }
}

function lineOf({ method = 'POST', url }: RequestVariant): string {
  return `${method} ${decodeURIComponent(url.pathname + url.search)}`
}

function bodyOf({ body }: RequestVariant): Record<string, unknown> {
  return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)
}
