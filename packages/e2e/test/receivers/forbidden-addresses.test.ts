import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { freePort } from '@ghostpost/local-services'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hostileUrls } from '../../../delivery/test/receivers/hostile-urls.ts'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

// The whole product, and one listener at every address of this machine that counts connections: an error response alone
// does not prove that nothing connected.
let listener: Server
let port: number
let apiPort: number
let connections = 0
let stack: Stack

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).end()
  })
  listener.listen(0, '::')
  await once(listener, 'listening')
  port = (listener.address() as AddressInfo).port
  apiPort = await freePort()
  stack = await startStack({ GHOSTPOST_PORT: String(apiPort) })
})

afterAll(async () => {
  await stack.stop()
  await new Promise((resolve) => listener.close(resolve))
})

beforeEach(() => {
  connections = 0
})

const exportTo = (webhook_url: string): Promise<ApiResponse> =>
  callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url }) })

const call = (method: string, path: string, body?: object): Promise<ApiResponse> =>
  callApi(stack, path, { method, ...(body && { body }) })

const codeIn = ({ status, body, text }: ApiResponse): string =>
  `${status} ${(body?.['error'] as { code: string } | undefined)?.code ?? text}`

async function saved(body: object): Promise<string> {
  const name = `to nowhere ${Math.random()}`
  const response = await call('POST', '/api/destinations', { name, ...body })
  return (response.body as { destination: { id: string } }).destination.id
}

describe('no connection to a forbidden address is opened', () => {
  test('by an export to any URL of the corpus', async () => {
    const urls = hostileUrls.map((text) => {
      const url = new URL(text)
      if (url.hostname !== 'hooks.example.com') url.port = String(port)
      return [text, url.href] as const
    })
    for (let at = 0; at < urls.length; at += 20) {
      const some = urls.slice(at, at + 20)
      const results = await Promise.all(
        some.map(async ([text, href]) => `${text} ${codeIn(await exportTo(href))}`),
      )
      // An empty label is no host name, and is refused before.
      const codeOf = (text: string): string =>
        text.includes('..') ? '400 validation_failed' : '502 address_forbidden'
      expect(results).toEqual(some.map(([text]) => `${text} ${codeOf(text)}`))
    }
    expect(connections).toBe(0)
  }, 180_000)

  test('by a test of a saved destination', async () => {
    const id = await saved({ webhook_type: 'custom', webhook_url: `http://127.0.0.1:${port}/` })
    const tested = await call('POST', `/api/destinations/${id}/test`)
    expect(tested.body).toMatchObject({
      delivery: { status: 'failed' },
      attempt: { outcome: 'address_forbidden', error: { code: 'address_forbidden' } },
    })
    expect(connections).toBe(0)
  })

  test('by the creation of HubSpot’s properties', async () => {
    const credentials = { kind: 'access_token', access_token: 'pat-1' }
    const id = await saved({ webhook_type: 'hubspot', webhook_url: `http://[::1]:${port}/`, credentials })
    const created = await call('POST', `/api/destinations/${id}/hubspot-properties`)
    expect(codeIn(created)).toBe('502 receiver_refused')
    expect(created.text).toContain('not allowed')
    expect(connections).toBe(0)
  })

  test('by a request for an access token', async () => {
    const token_url = `http://127.0.0.1:${port}/token`
    const credentials = { kind: 'client_credentials', client_id: 'a', client_secret: 'b', token_url }
    const webhook_url = 'https://example.my.salesforce.com/services/data/v66.0/sobjects/Lead'
    const id = await saved({ webhook_type: 'salesforce', webhook_url, credentials })
    const tested = await call('POST', `/api/destinations/${id}/test`)
    expect(tested.body).toMatchObject({
      attempt: { outcome: 'authorization_failed', error: { code: 'authorization_address_forbidden' } },
    })
    expect(connections).toBe(0)
  })
})

test('the API and the stores are forbidden, although every local address is allowed', async () => {
  const worker = await stack.startWorker({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.0/8 ::1/128' })
  await stack.workers[0]?.stop()
  const queue = new URL(stack.queue.url)
  const database = new URL(stack.database.url)
  for (const own of [
    `127.0.0.1:${apiPort}`,
    `[::1]:${apiPort}`,
    `127.0.0.1:${queue.port}`,
    `127.0.0.1:${database.port}`,
  ]) {
    const response = await exportTo(`http://${own}/api/webhook`)
    expect(response.body).toMatchObject({
      error: { code: 'address_forbidden', message: expect.stringContaining('own_listener') },
    })
  }
  expect(worker.pid).toBeGreaterThan(0)
})
