import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import type { paths } from './generated/paths.ts'
import { ApiUnreachable } from './problem.ts'

export interface ClientOptions {
  /** Address of the API; in a browser, its own origin unless given. */
  url?: string
  /** The session token, for programs. A browser sends its cookie by itself and must leave this out. */
  session?: string
  /** How long the API may take to begin its answer, in milliseconds: 60,000 unless given. */
  timeoutMs?: number
}

/** The HTTP API, typed by its own OpenAPI document: `client.GET('/api/deliveries', { params: { query } })`. */
export type Client = FetchClient<paths>

/** Longer than the API itself waits for a delivery that is asked to be waited for. */
const timeoutMsDefault = 60_000

/**
 * Makes a client. A call resolves to `data` or to `error`, as the API answered; see `orThrow` for exceptions.
 * Without an answer it rejects with an `ApiUnreachable`.
 */
export function createClient({ url, session, timeoutMs = timeoutMsDefault }: ClientOptions = {}): Client {
  return createFetchClient<paths>({
    ...(url !== undefined && { baseUrl: url }),
    ...(session !== undefined && { headers: { cookie: `session=${session}` } }),
    credentials: 'same-origin',
    fetch: (request) => fetchWithTimeout(timeoutMs, request),
  })
}

/** The time is for the beginning of an answer only: streams go on for as long as they like. */
async function fetchWithTimeout(timeoutMs: number, request: Request): Promise<Response> {
  const timeout = new AbortController()
  const timer = setTimeout(
    () => timeout.abort(new Error(`There was no answer within ${timeoutMs} ms.`)),
    timeoutMs,
  )
  try {
    // The API never redirects; a session is not to be carried anywhere else.
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
