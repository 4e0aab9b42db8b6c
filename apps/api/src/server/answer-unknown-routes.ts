import type { FastifyInstance } from 'fastify'
import { ApiError } from './api-error.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of the routes that match a path, sorted; none for an unknown path. */
    methodsOf: (path: string) => string[]
  }
}

/** Learns the routes that are registered after it. */
export function learnRoutes(app: FastifyInstance): void {
  const methodsByPattern = new Map<string, Set<string>>()
  app.decorate('methodsOf', (path) => {
    const found = [...methodsByPattern].filter(([pattern]) => matches(pattern, path))
    return [...new Set(found.flatMap(([, methods]) => [...methods]))].toSorted()
  })
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsByPattern.set(url, methods)
  })
}

/** Whether a path matches the template of a route, in which `:name` is one segment and `*` the rest. */
function matches(pattern: string, path: string): boolean {
  const segments = path.split('/')
  const parts = pattern.split('/')
  if (parts.at(-1) === '*') segments.splice(parts.length, Infinity)
  return (
    parts.length === segments.length &&
    parts.every((part, index) => part === '*' || part.startsWith(':') || part === segments[index])
  )
}

/** Answers requests without a route before their body is read: 405 for a path that has other methods, else 404. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    const path = request.url.split('?')[0] ?? ''
    const methods = app.methodsOf(path)
    if (methods.length === 0) throw routeNotFound(request.method, path)
    void reply.header('allow', methods.join(', '))
    throw methodNotAllowed(methods)
  })
}

export function routeNotFound(method: string, path: string): ApiError {
  return new ApiError('not_found', `No route matches ${method} ${path.slice(0, 200)}.`)
}

export function methodNotAllowed(methods: readonly string[]): ApiError {
  return new ApiError('method_not_allowed', `This path has the methods ${methods.join(', ')}.`)
}
