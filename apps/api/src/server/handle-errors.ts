import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { apiErrors, type ApiErrorCode } from '@ghostpost/delivery/contract/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { passingErrorOf } from './passing-error.ts'
import { methodNotAllowed, routeNotFound } from './answer-unknown-routes.ts'
import { describeValidation, problemsMax } from './describe-validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error response; null if there is none. */
    errorCode: ApiErrorCode | null
  }
}

/** With at most eight details this keeps every error response below 8 KiB. */
const messageLengthMax = 600

/** Turns every error into a response. An internal error is logged in full, and the caller gets only its request id. */
export function handleError(
  error: FastifyError | ApiError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const apiError = error instanceof ApiError ? error : apiErrorFrom(error, request)
  if (isCallerGone(request)) request.log.info({ event: 'caller_disconnected' }, callerGone)
  if (apiError.code === 'internal_error') request.log.error({ err: error }, 'request failed')
  if (apiError.code === 'unavailable') request.log.warn({ err: error }, apiError.message)
  void reply.header('x-request-id', request.id)
  if (apiError.retryAfterSeconds !== null) void reply.header('retry-after', apiError.retryAfterSeconds)
  return reply.code(apiErrors[apiError.code].status).send(errorBody(apiError, request))
}

const callerGone = 'The caller disconnected before its request was complete.'

function isCallerGone({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete
}

export function handleNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = routeNotFound(request.method, request.url.split('?')[0] ?? '')
  return reply.code(404).send(errorBody(error, request))
}

function errorBody(error: ApiError, request: FastifyRequest): object {
  request.errorCode = error.code
  const details = error.details.length > 0 ? { details: error.details.slice(0, problemsMax) } : {}
  return {
    success: false,
    error: { code: error.code, message: error.message.slice(0, messageLengthMax), ...details },
    request_id: request.id,
  }
}

/** Responds where Node could not parse a request: invalid HTTP, oversized headers, or a slow client's timeout. */
export function respondToBrokenRequest(this: FastifyInstance, error: BrokenRequest, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const methods = error.code === 'HPE_INVALID_METHOD' ? methodsOf(this, error.rawPacket) : null
  const { code, message } = methods ?? describeBroken(error)
  const payload = { success: false, error: { code, message }, request_id: randomUUID() }
  const body = JSON.stringify(payload)
  const head = [
    `HTTP/1.1 ${apiErrors[code].status} ${STATUS_CODES[apiErrors[code].status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(methods?.allow ? [`allow: ${methods.allow}`] : []),
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

type BrokenRequest = Error & { code?: string; rawPacket?: unknown }

function describeBroken({ code }: BrokenRequest): { code: ApiErrorCode; message: string } {
  const apiCode = brokenRequestCodes[code ?? ''] ?? 'malformed_request'
  return { code: apiCode, message: apiErrors[apiCode].remedy }
}

/** The first line of a request with a method that Node does not know. */
const requestLine = /^[A-Z][A-Z-]{0,31} (\/[^\s?]*)\S* HTTP\/1\.[01]\r?\n/

function methodsOf(
  app: FastifyInstance,
  packet: unknown,
): { code: ApiErrorCode; message: string; allow: string } | null {
  const path = requestLine.exec(Buffer.isBuffer(packet) ? packet.toString('latin1') : '')?.[1]
  if (path === undefined) return null
  const methods = app.methodsOf(path)
  const { code, message } = methods.length > 0 ? methodNotAllowed(methods) : routeNotFound('Its method', path)
  return { code, message, allow: methods.join(', ') }
}

const brokenRequestCodes: Readonly<Record<string, ApiErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

function apiErrorFrom(error: FastifyError | Error, request: FastifyRequest): ApiError {
  if ('validation' in error && error.validation) return describeValidation(error, request)
  // Nobody receives this response. The error of the caller's socket must not be taken for one of a store's.
  if (isCallerGone(request)) return new ApiError('malformed_request', callerGone)
  const code = 'code' in error ? error.code : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError('body_too_large', 'The body is larger than 64 KiB.')
  if (code === 'FST_ERR_BAD_URL') return new ApiError('malformed_request', 'The URL is not well-formed.')
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new ApiError('not_found', 'No route matches this path.')
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
  const internal = new ApiError(
    'internal_error',
    'The server failed. The error is logged under this request_id.',
  )
  return passingErrorOf(error) ?? internal
}
