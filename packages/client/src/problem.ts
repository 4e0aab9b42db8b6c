/** What openapi-fetch resolves to. */
export type ApiResult<Data> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: unknown; response: Response }

interface ProblemDetail {
  field: string
  expected: string
}

/** The API refused a request. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  /** Stable error code; docs/api.md lists all. Empty when the response did not come from Ghostpost. */
  readonly code: string
  /** The invalid fields. */
  readonly details: readonly ProblemDetail[]
  /** Identifies the request for support. */
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null

  constructor(response: Response, body: unknown) {
    const { error, request_id } = (isRecord(body) ? body : {}) as { error?: unknown; request_id?: unknown }
    const { code, message, details } = isRecord(error) ? error : {}
    super(
      typeof message === 'string'
        ? message
        : `The response had status ${response.status} and did not come from Ghostpost.`,
    )
    this.status = response.status
    this.code = typeof code === 'string' ? code : ''
    this.details = Array.isArray(details) ? (details as ProblemDetail[]) : []
    this.requestId = typeof request_id === 'string' ? request_id : response.headers.get('x-request-id')
    this.retryAfterSeconds = secondsIn(response.headers.get('retry-after'))
  }
}

/** There was no response. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable'

  constructor(url: string, cause: unknown) {
    super(`No response from ${URL.canParse(url) ? new URL(url).origin : 'the API'}: ${reasonOf(cause)}`, {
      cause,
    })
  }
}

/**
 * The data of a response.
 * @throws ApiProblem when the API refused
 */
export async function orThrow<Data>(call: Promise<ApiResult<Data>>): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await call
  if (error !== undefined || !response.ok) throw new ApiProblem(response, error)
  return data as Exclude<Data, undefined>
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : null
}

/** fetch throws "fetch failed" and nests the reason in `cause`, sometimes several times. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reasonOf(error.cause)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.message
}
