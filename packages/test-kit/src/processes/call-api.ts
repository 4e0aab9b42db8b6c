import type { Stack } from './start-stack.ts'

export interface ApiCall {
  method?: string
  body?: unknown
  /** Sent unchanged, instead of `body` as JSON. */
  rawBody?: string
  headers?: Record<string, string>
  /** Session token; null sends none. */
  session?: string | null
  /** API key; none by default. With it, no session is sent unless the call names one. */
  key?: string | null
}

export interface ApiResponse {
  status: number
  headers: Headers
  /** The parsed body; null when there is none. */
  body: Record<string, unknown> | null
  text: string
}

/** Calls the API over HTTP. */
export async function callApi(
  stack: Pick<Stack, 'api' | 'session'>,
  path: string,
  call: ApiCall = {},
): Promise<ApiResponse> {
  const { key = null } = call
  const session = call.session === undefined ? (key === null ? stack.session : null) : call.session
  const content = call.rawBody ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
  const response = await fetch(new URL(path, stack.api), {
    method: call.method ?? (content === undefined ? 'GET' : 'POST'),
    headers: {
      ...(session === null ? {} : { cookie: `session=${session}` }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(content === undefined ? {} : { body: content }),
  })
  const text = await readText(response)
  const isJson = text !== '' && /\/(json|.+\+json)/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null, text }
}

/** Reads the body; cancels an event stream, which has no end. */
async function readText(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  await response.body?.cancel()
  return ''
}

/** Stable code of an error response; empty for another response. */
export function errorCodeOf({ body }: ApiResponse): string {
  return (body?.['error'] as { code: string } | undefined)?.code ?? ''
}

/** Body of an export of the documented visitor to the stack's receiver, with `changes`. */
export function exportBody(
  stack: Pick<Stack, 'receiver'>,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url: `${stack.receiver.url}hooks/leads`, ...changes }
}
