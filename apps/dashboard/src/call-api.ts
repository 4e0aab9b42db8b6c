import type { ErrorDetail } from '@ghostpost/delivery/contract'

/** A refusal of the API, or that it could not be reached (status 0). */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly details: readonly ErrorDetail[]

  constructor(
    status: number,
    code: string,
    message: string,
    requestId: string | null,
    details: ErrorDetail[] = [],
  ) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.details = details
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>

interface ErrorShape {
  error?: { code: string; message: string; details?: ErrorDetail[]; response_status?: number | null }
  request_id?: string
}

/** Calls the API from the page it serves; the session cookie goes along by itself. */
export async function callApi<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  parts: {
    query?: Query
    body?: unknown
    headers?: Readonly<Record<string, string>>
  } = {},
): Promise<T> {
  const { query = {}, body, headers = {} } = parts
  const response = await reach(path + searchOf(query), {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = parse(text)
  if (response.ok) return answer as T
  const { error, request_id: requestId } = (answer ?? {}) as ErrorShape
  throw new ApiFailure(
    response.status,
    error?.code ?? 'unknown',
    error?.message ?? `The server answered ${response.status}.`,
    requestId ?? response.headers.get('x-request-id'),
    error?.details,
  )
}

/** Query parameters as `?a=b`; empty ones are left out. */
export function searchOf(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch {
    throw new ApiFailure(0, 'unreachable', 'The server could not be reached. Check the connection.', null)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
