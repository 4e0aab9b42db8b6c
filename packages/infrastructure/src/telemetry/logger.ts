import { pino, type Logger } from 'pino'

export type { Logger }

/** Log fields with these names hold secrets. */
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
 * Replaces the values of secret fields by `***`, at most three objects deep. Returns the same object if it has none.
 * Written by hand, because pino's wildcard paths take ten times as long as writing the line.
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

/** Only plain objects and arrays are searched: the serializers already remove secrets from errors and requests. */
function withoutNestedSecrets(value: unknown, depth: number): unknown {
  if (depth === depthMax || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one: unknown) => withoutNestedSecrets(one, depth + 1))
  const isPlain = Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? withoutSecrets(value as Record<string, unknown>, depth + 1) : value
}

/**
 * Opens a JSON logger on standard output.
 * @param traceId returns the id of the current trace; null if tracing is off
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
    // Bindings of child loggers bypass the formatter, so pino redacts them.
    redact: { paths: [...secretNames], censor },
    formatters: { log: withoutSecrets },
    serializers: { err: describeError, error: describeError, req: describeRequest },
  })
}

interface LoggedRequest {
  method?: string
  url?: string
  ip?: string
  routeOptions?: { url?: string }
}

/** Logs the path of a known route without the query, and no path of an unknown one: it may hold anything. */
function describeRequest({ method, url, ip, routeOptions }: LoggedRequest): Record<string, unknown> {
  const route = routeOptions?.url
  const path = route === undefined ? {} : { path: fillRoute(route, url ?? '') }
  return { method, ...path, caller: ip }
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A route's template with those parameters of the path that are ids of ours. */
function fillRoute(route: string, url: string): string {
  const segments = url.split('?')[0]?.split('/') ?? []
  const fill = (part: string, index: number): string => {
    const segment = segments[index] ?? ''
    return part.startsWith(':') && uuidShape.test(segment) ? segment : part
  }
  return route.split('/').map(fill).join('/')
}

/** Shortens URLs in an error text to their origin: the rest may contain a receiver's secret or a password. */
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
