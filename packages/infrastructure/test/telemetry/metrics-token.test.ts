import { timingSafeEqual } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { freePort } from '@ghostpost/local-services'
import { serveTelemetry, type Logger } from '@ghostpost/infrastructure/telemetry'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// The real module, with its calls recorded.
vi.mock('node:crypto', { spy: true })

const token = 'a-token-for-prometheus'
let url: string
let end: () => Promise<void>

const isAllowedHost = (host = ''): boolean => host.startsWith('127.0.0.1')

beforeEach(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/metrics`
  const respond = async () => ({ status: 200, contentType: 'text/plain', body: 'here' })
  const log = { info: () => {}, warn: () => {}, error: () => {} } as unknown as Logger
  const pages = { '/metrics': { guarded: true, respond } }
  end = await serveTelemetry({ host: '127.0.0.1', port, token, isAllowedHost, pages, log })
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

test('a page whose name resolves to the server is refused whatever token it has', async () => {
  const { hostname, port } = new URL(url)
  const headers = ['host: evil.example', `authorization: Bearer ${token}`, 'connection: close']
  const head = `GET /metrics HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`
  const socket = connect(Number(port), hostname)
  socket.end(head)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /)
})

test('idle connections of one address leave some for others', async () => {
  const { hostname, port } = new URL(url)
  const idle = Array.from({ length: 64 }, () =>
    connect({ port: Number(port), host: hostname, localAddress: '127.0.0.2' }).on('error', () => {}),
  )
  await vi.waitUntil(() => idle.filter(({ closed }) => closed).length >= 30, 10_000)
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  for (const socket of idle) socket.destroy()
})
