import type { FastifyInstance, preValidationAsyncHookHandler } from 'fastify'
import type { ErrorDetail } from '@ghostpost/delivery/contract/errors'
import { ApiError } from './api-error.ts'
import type { Route } from './route.ts'

const withoutNull = 'text without the character U+0000'
/** More than any schema has, and little enough for every recursive function, JSON.stringify included. */
const depthMax = 100
const flatEnough = `at most ${depthMax} levels of objects and arrays`

/**
 * Refuses path parameters, a query or a body with the character U+0000, which Postgres cannot store, and a body that is
 * nested too deeply. A query that the route does not read passes. Runs before the schemas are checked.
 */
export function refuseUnsafeInput(route: Pick<Route, 'query' | 'rowsIn'>): preValidationAsyncHookHandler {
  return async ({ params, query, body }) => {
    const parts = {
      path: params,
      ...(route.query && { query }),
      ...(body !== undefined && !route.rowsIn && { body }),
    }
    for (const [name, part] of Object.entries(parts)) {
      const problem = unsafePartOf(part, name)
      if (problem) throw new ApiError('validation_failed', `Wrong: ${problem.field}.`, [problem])
    }
  }
}

/** The same for the pages and files that plugins register. */
export function refuseUnsafePaths(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ routeOptions, url }) => {
    if (routeOptions.config.access !== undefined || !/%00/.test(url)) return
    throw new ApiError('validation_failed', 'Wrong: path.', [{ field: 'path', expected: withoutNull }])
  })
}

/**
 * What Postgres cannot store, or what is nested too deeply; null if there is nothing. Without recursion: a body of 64
 * KiB may be nested 32,000 deep.
 * @param name the name of the whole
 */
export function unsafePartOf(root: unknown, name: string): ErrorDetail | null {
  const waiting: { value: unknown; field: string; depth: number }[] = [{ value: root, field: name, depth: 1 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, field, depth } = next
    if (typeof value === 'string' && value.includes('\0')) return { field, expected: withoutNull }
    if (typeof value !== 'object' || value === null) continue
    if (depth > depthMax) return { field: name, expected: flatEnough }
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('\0')) return { field, expected: withoutNull }
      waiting.push({ value: inner, field: Array.isArray(value) ? field : key, depth: depth + 1 })
    }
  }
  return null
}
