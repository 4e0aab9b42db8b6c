import { timingSafeEqual } from 'node:crypto'
import { freePort } from '@ghostpost/local-services'
import { serveTelemetry, type Logger } from '@ghostpost/infrastructure/telemetry'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// The real module, with its calls recorded.
vi.mock('node:crypto', { spy: true })

const token = 'a-token-for-prometheus'
let url: string
let end: () => Promise<void>

beforeEach(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/metrics`
  const respond = async () => ({ status: 200, contentType: 'text/plain', body: 'here' })
  const log = { info: () => {}, warn: () => {}, error: () => {} } as unknown as Logger
  const pages = { '/metrics': { guarded: true, respond } }
  end = await serveTelemetry({ host: '127.0.0.1', port, token, pages, log })
  vi.mocked(timingSafeEqual).mockClear()
})

afterEach(() => end())

test.each([
  ['no token', '', 401],
  ['a wrong token', 'Bearer b', 401],
  ['a prefix of the token', `Bearer ${token.slice(0, -1)}`, 401],
  ['the right token', `Bearer ${token}`, 200],
])('the server compares %s as a digest of constant length', async (_what, authorization, status) => {
  expect((await fetch(url, { headers: { authorization } })).status).toBe(status)
  expect(
    vi.mocked(timingSafeEqual).mock.calls.map((given) => given.map(({ byteLength }) => byteLength)),
  ).toEqual([[32, 32]])
})
