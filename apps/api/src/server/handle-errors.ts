import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { apiErrors, type ApiErrorCode } from '@ghostpost/delivery/contract/errors'
import { isDatabaseUnavailable } from '@ghostpost/infrastructure/database/connection'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { describeValidation } from './describe-validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was refused with; null while it is not. */
    errorCode: ApiErrorCode | null
  }
}

const databaseRetrySeconds = 5

/** The one place that turns errors into answers. Faults of ours are logged whole and told to nobody. */
export function handleError(
  error: FastifyError | ApiError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const apiError = error instanceof ApiError ? error : apiErrorFrom(error)
  if (apiError.code === 'internal_error') request.log.error({ err: error }, 'request failed')
  if (apiError.code === 'unavailable') request.log.warn({ err: error }, 'the database is not available')
  void reply.header('x-request-id', request.id)
  if (apiError.retryAfterSeconds !== null) void reply.header('retry-after', apiError.retryAfterSeconds)
  return reply.code(apiErrors[apiError.code].status).send(errorBody(apiError, request))
}

export function handleNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new ApiError(
    'not_found',
    `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}.`,
  )
  return reply.code(404).send(errorBody(error, request))
}

function errorBody(error: ApiError, request: FastifyRequest): object {
  request.errorCode = error.code
  const details = error.details.length > 0 ? { details: error.details } : {}
  return {
    success: false,
    error: { code: error.code, message: error.message, ...details },
    request_id: request.id,
  }
}

/** Answers what never became a request: broken HTTP, oversized headers, a caller that dawdles. */
export function respondToBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = brokenRequestCodes[error.code ?? ''] ?? 'malformed_request'
  const { status, remedy } = apiErrors[code]
  const payload = { success: false, error: { code, message: remedy }, request_id: randomUUID() }
  const body = JSON.stringify(payload)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const brokenRequestCodes: Readonly<Record<string, ApiErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

function apiErrorFrom(error: FastifyError | Error): ApiError {
  if ('validation' in error && error.validation) return describeValidation(error)
  const code = 'code' in error ? error.code : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError('body_too_large', 'The body is larger than 64 KiB.')
  if (code === 'FST_ERR_BAD_URL') return new ApiError('malformed_request', 'The URL is not well-formed.')
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new ApiError('not_found', 'There is no such path.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ApiError(
      'unsupported_media_type',
      'Send the body as JSON with Content-Type: application/json.',
    )
  }
  if (
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    error instanceof SyntaxError
  ) {
    return new ApiError('malformed_json', 'The body is not valid JSON.')
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
    return new ApiError('malformed_json', 'The body is shorter or longer than its Content-Length.')
  }
  if (isDatabaseUnavailable(error)) {
    return new ApiError('unavailable', 'This cannot be made durable now.', [], databaseRetrySeconds)
  }
  return new ApiError(
    'internal_error',
    'Something failed on our side; it has been logged under this request_id.',
  )
}
