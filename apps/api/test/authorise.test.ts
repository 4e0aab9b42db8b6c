import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { denyUndeclaredRoutes } from '../src/server/authorise.ts'
import { routes } from '../src/routes.ts'

function registering(options: object): () => void {
  const app = Fastify()
  denyUndeclaredRoutes(app)
  return () => void app.route({ method: 'GET', url: '/api/new', handler: async () => 'x', ...options })
}

test('a route without a declared access cannot be registered', () => {
  expect(registering({})).toThrow('GET /api/new does not declare who may call it.')
  expect(registering({ config: {} })).toThrow('does not declare')
  expect(registering({ config: { access: 'everyone' } })).toThrow('does not declare')
  expect(registering({ config: { access: { role: 'owner', site: () => 4 } } })).toThrow('does not declare')
})

test('a route with a declared access can be registered', () => {
  expect(registering({ config: { access: 'public' } })).not.toThrow()
  expect(registering({ config: { access: { role: 'admin', site: () => 4 } } })).not.toThrow()
})

test('every route of the table declares its access', () => {
  expect(routes.filter(({ access }) => access === undefined)).toEqual([])
})
