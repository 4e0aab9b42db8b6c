import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ApiProblem,
  ApiUnreachable,
  createClient,
  everyItem,
  everyPage,
  liveEvents,
  orThrow,
  signIn,
  type Client,
  type LiveEvent,
} from '@ghostpost/client'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let client: Client

beforeAll(async () => {
  stack = await startStack()
  stack.receiver.always(respond(200))
  client = createClient({ url: stack.api, session: stack.session })
})

afterAll(() => stack.stop())

async function exportOne(): Promise<string> {
  const made = await orThrow(
    client.POST('/api/webhook', {
      body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url: `${stack.receiver.url}hooks` },
    }),
  )
  return made.delivery_id
}

function problemOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  )
}

describe('a call', () => {
  test('resolves to typed data', async () => {
    const id = await exportOne()
    const { data } = await client.GET('/api/deliveries/{id}', { params: { path: { id } } })
    expect([data?.status, data?.attempts[0]?.response_status]).toEqual(['delivered', 200])
  })

  test('that the API refuses resolves to the error, and orThrow throws it', async () => {
    const { data, error } = await client.GET('/api/deliveries/{id}', { params: { path: { id: 'none' } } })
    expect([data, error?.error.code]).toEqual([undefined, 'delivery_not_found'])
    const problem = await problemOf(
      orThrow(client.POST('/api/operations/plan', { body: { kind: 'resend', filter: { status: 'odd' } } })),
    )
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({
      status: 400,
      code: 'validation_failed',
      details: [expect.objectContaining({ field: expect.stringContaining('status') })],
      requestId: expect.stringMatching(/^.{8,}$/),
    })
  })

  test('without a session is refused', async () => {
    const stranger = createClient({ url: stack.api })
    expect(await problemOf(orThrow(stranger.GET('/api/session')))).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('a session', () => {
  test('begins with e-mail address and password, and is ended', async () => {
    const { session, view } = await signIn({ url: stack.api }, stack.user)
    expect(view.user.email).toBe(stack.user.email)
    const signedIn = createClient({ url: stack.api, session: session ?? '' })
    expect((await orThrow(signedIn.GET('/api/session'))).sites).toMatchObject([{ id: 4 }])
    expect((await signedIn.DELETE('/api/session')).response.status).toBe(204)
  })

  test('does not begin with a wrong password', async () => {
    const wrong = { email: stack.user.email, password: 'not this one' }
    expect(await problemOf(signIn({ url: stack.api }, wrong))).toMatchObject({ code: 'invalid_credentials' })
  })
})

describe('a list', () => {
  test('is read page by page, and no further than the caller asks', async () => {
    for (let count = 0; count < 5; count += 1) await exportOne()
    const cursors: (string | undefined)[] = []
    const read = (cursor: string | undefined) => {
      cursors.push(cursor)
      return client.GET('/api/deliveries', {
        params: { query: { limit: '2', ...(cursor !== undefined && { cursor }) } },
      })
    }
    const ids: string[] = []
    for await (const { delivery_id } of everyItem(read)) {
      ids.push(delivery_id)
      if (ids.length === 3) break
    }
    expect([ids.length, new Set(ids).size, cursors.length]).toEqual([3, 3, 2])
    const sizes: number[] = []
    for await (const { items } of everyPage(read)) sizes.push(items.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(5)
  })

  test('of the audit log is read the same way, although its cursor has another name', async () => {
    const { id } = await createUser(stack.database, [4], 'admin')
    const session = await createSessionToken(stack.database, id)
    const admin = createClient({ url: stack.api, session })
    const actions: string[] = []
    const items = everyItem((cursor) =>
      admin.GET('/api/audit', {
        params: { query: { limit: '1', ...(cursor !== undefined && { cursor }) } },
      }),
    )
    for await (const { action } of items) actions.push(action)
    expect(actions.length).toBeGreaterThan(1)
  })
})

describe('live events', () => {
  test('include a delivery, and end when the signal aborts', async () => {
    const ending = new AbortController()
    const received: LiveEvent[] = []
    const listening = (async () => {
      for await (const event of liveEvents(client, { siteId: 4, signal: ending.signal })) received.push(event)
    })()
    await waitUntil('the event arrives', async () => {
      const id = await exportOne()
      return received.some(
        ({ name, data }) =>
          name === 'deliveries' && data.deliveries.some(({ delivery_id }) => delivery_id === id),
      )
    })
    ending.abort()
    await listening
  })

  test('of a foreign site are refused', async () => {
    const events = liveEvents(client, { siteId: 99 })
    expect(await problemOf(events.next())).toMatchObject({ code: 'site_not_found' })
  })
})

describe('without Ghostpost at the URL', () => {
  let server: Server | undefined

  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('a call rejects with ApiUnreachable', async () => {
    const url = await serve(() => {})
    await new Promise((resolve) => server?.close(resolve))
    const problem = await problemOf(createClient({ url }).GET('/healthz'))
    expect(problem).toBeInstanceOf(ApiUnreachable)
    expect(String(problem)).toMatch(/No response from http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/)
  })

  test('a call waits no longer than its timeout', async () => {
    const url = await serve(() => {})
    expect(String(await problemOf(createClient({ url, timeoutMs: 100 }).GET('/healthz')))).toContain(
      'no response within 100 ms',
    )
  })

  test('the page of another server is a problem without a code', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    )
    expect(await problemOf(orThrow(createClient({ url }).GET('/healthz')))).toMatchObject({
      status: 502,
      code: '',
      message: 'The response had status 502 and did not come from Ghostpost.',
    })
  })

  test('a session does not follow a redirect', async () => {
    const requested: unknown[] = []
    const url = await serve((request, response) => {
      requested.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await problemOf(createClient({ url, session: 'x' }).GET('/api/session'))).toBeInstanceOf(
      ApiUnreachable,
    )
    expect(requested).toEqual(['/api/session'])
  })
})
