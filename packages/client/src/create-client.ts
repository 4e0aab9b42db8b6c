import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import type { paths } from './generated/paths.ts'
import { ApiUnreachable } from './problem.ts'

export interface ClientOptions {
  /** URL of the API; in a browser, the page's origin by default. */
  url?: string
  /** The session token, for programs only: a browser sends its cookie itself. */
  session?: string
  /** An API key, instead of a session. */
  apiKey?: string
  /** Time in milliseconds until the response must begin; 60,000 by default. */
  timeoutMs?: number
}

/** The HTTP API, typed by its OpenAPI document: `client.GET('/api/deliveries', { params: { query } })`. */
export type Client = FetchClient<paths>

/** Longer than the API waits for the outcome of a delivery. */
const timeoutMsDefault = 60_000

/**
 * Creates a client. A call resolves to `data` or to the API's `error`; `orThrow` turns the error into an exception.
 * Without a response, a call rejects with an `ApiUnreachable`.
 */
export function createClient({
  url,
  session,
  apiKey,
  timeoutMs = timeoutMsDefault,
}: ClientOptions = {}): Client {
  return createFetchClient<paths>({
    ...(url !== undefined && { baseUrl: url }),
    headers: credentialHeaders({ session, apiKey }),
    credentials: 'same-origin',
    fetch: (request) => fetchWithTimeout(timeoutMs, request),
  })
}

/** The header that authenticates a call; none in a browser, which sends its cookie itself. */
function credentialHeaders({
  session,
  apiKey,
}: {
  session?: string | undefined
  apiKey?: string | undefined
}): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}` }
  return session === undefined ? {} : { cookie: `session=${session}` }
}

/** The timeout ends when the response begins: streams have no time limit. */
async function fetchWithTimeout(timeoutMs: number, request: Request): Promise<Response> {
  const timeout = new AbortController()
  const timer = setTimeout(
    () => timeout.abort(new Error(`There was no response within ${timeoutMs} ms.`)),
    timeoutMs,
  )
  try {
    // The API never redirects. Following a redirect would send the session to another server.
    return await fetch(request, {
      redirect: 'error',
      signal: AbortSignal.any([request.signal, timeout.signal]),
    })
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new ApiUnreachable(request.url, error)
  } finally {
    clearTimeout(timer)
  }
}
