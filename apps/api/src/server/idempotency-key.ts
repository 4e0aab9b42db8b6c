import type { preValidationAsyncHookHandler } from 'fastify'
import { ApiError } from './api-error.ts'
import type { Route } from './route.ts'

const header = 'idempotency-key'

/**
 * What a route does with an Idempotency-Key: `honoured` by those that declare the header. Repeating the request of an
 * `idempotent` route has no further effect, so the key is ignored. All other POST routes refuse it.
 */
type KeyUse = 'honoured' | 'ignored' | 'refused'

function keyUseOf({ method, headers, idempotent = false }: KeyedRoute): KeyUse {
  if (headers && header in ((headers as { properties?: object }).properties ?? {})) return 'honoured'
  return method === 'POST' && !idempotent ? 'refused' : 'ignored'
}

type KeyedRoute = Pick<Route, 'method' | 'headers' | 'idempotent'>

/** Refuses a key where it would do nothing, and several header lines where one key is expected. */
export function checkIdempotencyKey(route: KeyedRoute): preValidationAsyncHookHandler {
  const use = keyUseOf(route)
  return async ({ raw: { rawHeaders } }) => {
    const lines = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === header).length
    if (lines > 0 && use === 'refused')
      throw new ApiError('idempotency_key_refused', 'This route takes no Idempotency-Key.')
    if (lines < 2 || use === 'ignored') return
    const detail = { field: header, expected: 'one header line' }
    throw new ApiError('validation_failed', `Wrong: ${header}.`, [detail])
  }
}

/** A sentence for the route's description; empty where the header's own description says it. */
export function describeKeyUse(route: KeyedRoute): string {
  if (route.method !== 'POST' || keyUseOf(route) === 'honoured') return ''
  return keyUseOf(route) === 'refused'
    ? 'It takes no `Idempotency-Key` (400 `idempotency_key_refused`).'
    : 'A repeat has no further effect, so it needs no `Idempotency-Key`.'
}
