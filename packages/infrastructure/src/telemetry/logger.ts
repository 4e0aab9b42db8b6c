import { pino, type Logger } from 'pino'

export type { Logger }

/** Whatever is logged under these names is a secret or leads to one. */
const secretPaths = [
  'req.headers.cookie',
  'req.headers.authorization',
  'headers.cookie',
  'headers.authorization',
  'res.headers["set-cookie"]',
  'cookie',
  'token',
  'credentials',
  'password',
  'receiverUrl',
  'receiver_url',
  'webhook_url',
  '*.receiverUrl',
  '*.receiver_url',
  '*.webhook_url',
  '*.password',
  '*.token',
  '*.credentials',
  '*.access_token',
  '*.client_secret',
  '*.private_key',
]

/**
 * A JSON logger on standard output.
 * @param traceId the trace that what runs is part of; null when there are no traces
 */
export function openLogger(
  name: string,
  level: string,
  traceId: (() => string | undefined) | null = null,
): Logger {
  return pino({
    name,
    level,
    ...(traceId && { mixin: () => ({ trace_id: traceId() }) }),
    redact: { paths: secretPaths, censor: '***' },
    serializers: { err: describeError, error: describeError, req: describeRequest },
  })
}

/** A query may hold a secret, a path a visitor's id: only the rest of the path is kept. */
function describeRequest(request: { method?: string; url?: string; ip?: string }): Record<string, unknown> {
  return {
    method: request.method,
    path: request.url?.split('?')[0]?.replace(/gv_[\w-]+/g, 'gv_…'),
    caller: request.ip,
  }
}

/** URLs in error texts may carry a receiver's secret or a password: only their origin is kept. */
export function withoutUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s/"'<>]*@)?([^\s/"'<>?#]*)[^\s"'<>]*/gi, '$1$3/…')
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: withoutUrls(String(error)) }
  const code = 'code' in error ? { code: error.code } : {}
  return {
    type: error.name,
    message: withoutUrls(error.message),
    ...code,
    stack: withoutUrls(error.stack ?? ''),
  }
}
