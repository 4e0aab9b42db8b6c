import { pino, type Logger } from 'pino'

export type { Logger }

/** Whatever is logged under these names is a secret or leads to one. */
const secretNames = [
  'cookie',
  'token',
  'credentials',
  'password',
  'receiverUrl',
  'receiver_url',
  'webhook_url',
  'access_token',
  'client_secret',
  'private_key',
] as const
const secretKeys: ReadonlySet<string> = new Set([...secretNames, 'authorization', 'set-cookie'])
const censor = '***'
const depthMax = 3

/**
 * What is to be logged with `***` for what stands under a secret's name, at most three objects deep; the same object
 * where there is none. By hand, as pino's paths with wildcards take ten times as long as writing the line.
 */
export function withoutSecrets(line: Record<string, unknown>, depth = 1): Record<string, unknown> {
  let clean = line
  for (const [key, value] of Object.entries(line)) {
    const cleaned = secretKeys.has(key) ? censor : withoutNestedSecrets(value, depth)
    if (cleaned === value) continue
    if (clean === line) clean = { ...line }
    clean[key] = cleaned
  }
  return clean
}

/** Errors, requests and the like are described by serializers; those keep no secret. */
function withoutNestedSecrets(value: unknown, depth: number): unknown {
  if (depth === depthMax || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one: unknown) => withoutNestedSecrets(one, depth + 1))
  const isPlain = Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? withoutSecrets(value as Record<string, unknown>, depth + 1) : value
}

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
    // What is given once for many lines passes no formatter.
    redact: { paths: [...secretNames], censor },
    formatters: { log: withoutSecrets },
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
