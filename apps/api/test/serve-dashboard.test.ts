import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { denyUndeclaredRoutes } from '../src/server/authorise.ts'
import { handleNotFound } from '../src/server/handle-errors.ts'
import { registerSecurityHeaders } from '../src/server/security-headers.ts'
import { registerDashboard } from '../src/server/serve-dashboard.ts'

const asPage = { accept: 'text/html,application/xhtml+xml' }
let folder: string
let app: FastifyInstance

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-ops-'))
  app = Fastify()
  app.setNotFoundHandler(handleNotFound)
  await registerSecurityHeaders(app, false)
  denyUndeclaredRoutes(app)
})

afterEach(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function build(): Promise<void> {
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>the page</title>')
  await writeFile(join(folder, 'theme.js'), 'theme()')
  await writeFile(join(folder, '.built-from'), 'digest')
  await writeFile(join(folder, 'assets/index-abc.js'), 'plain()')
  await writeFile(join(folder, 'assets/index-abc.js.br'), 'brotli')
  await registerDashboard(app, folder)
}

test.each(['/ops', '/ops/', '/ops/deliveries?status=failed', '/ops/deliveries/0193'])(
  '%s serves the page, revalidated each time, with a strict policy',
  async (url) => {
    await build()
    const { statusCode, headers, body } = await app.inject({ url, headers: asPage })
    expect(statusCode).toBe(200)
    expect(body).toContain('the page')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; /)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['x-content-type-options']).toBe('nosniff')
  },
)

test('hashed files are cached forever and served compressed', async () => {
  await build()
  const url = '/ops/assets/index-abc.js'
  const { headers, body } = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
  expect(body).toBe('brotli')
  expect(headers).toMatchObject({
    'content-encoding': 'br',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  expect((await app.inject({ url })).body).toBe('plain()')
  expect((await app.inject({ url: '/ops/theme.js' })).headers['cache-control']).toBe('no-cache')
})

test.each([
  ['a file that does not exist', '/ops/assets/index-old.js', asPage],
  ['a path requested by a program', '/ops/deliveries', { accept: 'application/json' }],
  ['a path outside the folder', '/ops/assets/..%2f..%2fpackage.json', {}],
  ['the build’s own marker file', '/ops/.built-from', {}],
])('%s gets the API’s 404', async (_what, url, headers) => {
  await build()
  const response = await app.inject({ url, headers })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({ error: { code: 'not_found' } })
})

test('without a build the response says how to build', async () => {
  await registerDashboard(app, folder)
  const { statusCode, headers, body } = await app.inject({ url: '/ops/deliveries', headers: asPage })
  expect(statusCode).toBe(404)
  expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(body).toContain('node apps/dashboard/build/main.ts')
})
