import { timingSafeEqual } from 'node:crypto'
import { freePort } from '@ghostpost/local-services'
import { serveTelemetry, type Logger } from '@ghostpost/infrastructure/telemetry'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// The real thing, with its calls written down.
vi.mock('node:crypto', { spy: true })

const token = 'a-token-for-prometheus'
let url: string
let end: () => Promise<void>

beforeEach(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/metrics`
  const answer = async () => ({ status: 200, contentType: 'text/plain', body: 'here' })
  const log = { info: () => {}, warn: () => {}, error: () => {} } as unknown as Logger
  const pages = { '/metrics': { guarded: true, answer } }
  end = await serveTelemetry({ host: '127.0.0.1', port, token, pages, log })
  vi.mocked(timingSafeEqual).mockClear()
})

afterEach(() => end())

test.each([
  ['none', '', 401],
  ['a wrong one', 'Bearer b', 401],
  ['its beginning', `Bearer ${token.slice(0, -1)}`, 401],
  ['the right one', `Bearer ${token}`, 200],
])('of a token, %s is compared as a digest, in the same time', async (_what, authorization, status) => {
  expect((await fetch(url, { headers: { authorization } })).status).toBe(status)
  expect(
    vi.mocked(timingSafeEqual).mock.calls.map((given) => given.map(({ byteLength }) => byteLength)),
  ).toEqual([[32, 32]])
})
