import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { respond, neverRespond, slow } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import {
  connectFrom,
  getFrom,
  statusIn,
  unfinishedPost,
  type RawConnection,
} from '@ghostpost/test-kit/processes/raw-connection'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'

const bound = 8
/** One user of a site gets at most six of sixteen slots. */
const usersBound = 6
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_WAIT_MS: '8000' })
})

beforeEach(() => stack.receiver.always(respond(200)))

afterAll(() => stack.stop())

async function apiWith(settings: StackSettings): Promise<Pick<Stack, 'api' | 'session'>> {
  const { address } = await stack.startApi(settings)
  return { api: address, session: stack.session }
}

const exportOne = (api: Pick<Stack, 'api' | 'session'>): Promise<ApiResponse> =>
  callApi(api, '/api/webhook', { body: exportBody(stack) })

const burst = (api: Pick<Stack, 'api' | 'session'>, count: number): Promise<ApiResponse[]> =>
  Promise.all(Array.from({ length: count }, () => exportOne(api)))

const withStatus = (responses: ApiResponse[], status: number): ApiResponse[] =>
  responses.filter((one) => one.status === status)

describe('a burst above the limit of requests in flight', () => {
  test('gets 503 with Retry-After; accepted deliveries are stored, and the process stays ready', async () => {
    const api = await apiWith({ GHOSTPOST_MAX_IN_FLIGHT: String(2 * bound) })
    stack.receiver.always(slow(700, respond(200)))
    const before = await stack.database.prisma.delivery.count()
    const [responses, ready] = await Promise.all([
      burst(api, 150),
      callApi(api, '/readyz', { session: null }),
    ])

    const refused = withStatus(responses, 503)
    const accepted = responses.filter(({ status }) => status === 200 || status === 202)
    expect(refused.length).toBeGreaterThan(0)
    expect(accepted.length).toBeGreaterThanOrEqual(usersBound)
    expect(refused.length + accepted.length).toBe(150)
    expect(refused[0]?.body).toMatchObject({ success: false, error: { code: 'overloaded' } })
    expect(refused.map(({ headers }) => Number(headers.get('retry-after'))).every((s) => s > 0)).toBe(true)
    expect(ready.status).toBe(200)
    expect(await stack.database.prisma.delivery.count()).toBe(before + accepted.length)

    await waitUntil('there is room again', async () => (await exportOne(api)).status !== 503)
    expect((await callApi(api, '/readyz', { session: null })).body).toMatchObject({ status: 'ready' })
  })

  test('frees no slot when a caller disconnects before its work ends', async () => {
    const api = await apiWith({ GHOSTPOST_MAX_IN_FLIGHT: String(bound) })
    stack.receiver.always(neverRespond())
    const count = (): Promise<number> => stack.database.prisma.delivery.count()
    const before = await count()
    const leaving = new AbortController()
    const aborted = [1, 2, 3].map(() =>
      fetch(new URL('/api/webhook', api.api), {
        method: 'POST',
        headers: { cookie: `session=${stack.session}`, 'content-type': 'application/json' },
        body: JSON.stringify(exportBody(stack)),
        signal: leaving.signal,
      }).catch(() => 'gone'),
    )
    await waitUntil('all calls are saved', async () => (await count()) === before + 3)
    leaving.abort()
    expect(await Promise.all(aborted)).toEqual(['gone', 'gone', 'gone'])
    expect((await callApi(api, '/api/webhook')).status).toBe(503)
    await waitUntil(
      'the slots are free again',
      async () => (await callApi(api, '/api/webhook')).status === 200,
    )
  })
})

test('calls above the limit of waiting calls get 202 at once', async () => {
  const api = await apiWith({ GHOSTPOST_MAX_WAITING: '20' })
  stack.receiver.always(slow(1_500, respond(200)))
  const responses = await burst(api, 12)
  expect(withStatus(responses, 200)).toHaveLength(2)
  expect(withStatus(responses, 202)).toHaveLength(10)
  expect(withStatus(responses, 202)[0]?.body).toMatchObject({ status: 'queued', attempts: 0 })
})

test('a process whose event loop lags refuses calls for a moment and then accepts them again', async () => {
  const { address, child } = await stack.startApi({ GHOSTPOST_MAX_LOOP_DELAY_MS: '8' })
  const api = { api: address, session: stack.session }
  const refused = await waitUntil('it refuses a call', async () => {
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    child.kill('SIGCONT')
    // The process measures its lag once a second.
    const responses = []
    for (let call = 0; call < 8; call += 1) {
      responses.push(await callApi(api, '/api/webhook'))
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    return responses.find(({ status }) => status === 503)
  })
  expect(refused.body).toMatchObject({ error: { code: 'overloaded' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await waitUntil('it accepts calls again', async () => (await callApi(api, '/api/webhook')).status === 200)
})

test('a process with a nearly full heap refuses calls, stays ready, and accepts calls when there is room', async () => {
  const heapFiller = `data:text/javascript,${encodeURIComponent(`
    import { getHeapStatistics, setFlagsFromString } from 'node:v8'
    import { runInNewContext } from 'node:vm'
    setFlagsFromString('--expose-gc')
    const garbage = []
    const used = () => getHeapStatistics().used_heap_size / getHeapStatistics().heap_size_limit
    process.on('SIGUSR2', () => {
      if (garbage.length > 0) return void ((garbage.length = 0), runInNewContext('gc')())
      while (used() < 0.88) garbage.push(Array.from({ length: 100_000 }, Math.random))
    })`)}`
  const { address, child } = await stack.startApi(
    { NODE_OPTIONS: '--max-semi-space-size=8 --max-old-space-size=400' },
    [heapFiller],
  )
  const api = { api: address, session: stack.session }
  expect((await callApi(api, '/api/webhook')).status).toBe(200)
  child.kill('SIGUSR2')
  const refused = await waitUntil('it refuses', async () => {
    const response = await callApi(api, '/api/webhook')
    return response.status === 503 && response
  })
  expect(refused.body).toMatchObject({ error: { code: 'overloaded' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await callApi(api, '/readyz', { session: null })).status).toBe(200)
  // 404 where the dashboard is not built: its files are served as ever.
  expect([200, 404]).toContain((await callApi(api, '/ops', { session: null })).status)
  child.kill('SIGUSR2')
  await waitUntil('it accepts calls again', async () => (await callApi(api, '/api/webhook')).status === 200)
})

test('a connection above the share of its address is closed unread until another one ends', async () => {
  const { address } = await stack.startApi({ GHOSTPOST_MAX_CONNECTIONS: '9' })
  const { hostname, port } = new URL(address)
  const open = async (): Promise<{ socket: Socket; reply: string }> => {
    const { promise: firstReply, resolve } = Promise.withResolvers<string>()
    const socket = connect(Number(port), hostname)
      .on('error', () => {})
      .once('close', () => resolve('closed'))
      .once('data', (chunk) => resolve(String(chunk)))
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
    return { socket, reply: await firstReply }
  }
  const [first, second, third] = [await open(), await open(), await open()]
  expect([first.reply, second.reply]).toEqual([
    expect.stringContaining('200 OK'),
    expect.stringContaining('200 OK'),
  ])
  expect(third.reply).toBe('closed')
  first.socket.destroy()
  const next = await waitUntil('another connection is accepted', async () => {
    const tried = await open()
    return tried.reply !== 'closed' && tried
  })
  second.socket.destroy()
  next.socket.destroy()
})

describe('an invalid request', () => {
  async function sendRaw(bytes: string): Promise<{ head: string; body: unknown }> {
    const { hostname, port } = new URL(stack.api)
    const socket = connect(Number(port), hostname)
    socket.write(bytes)
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    return { head, body: JSON.parse(body) }
  }

  test.each([
    ['broken HTTP', 'NONSENSE\r\n\r\n', 400, 'malformed_request'],
    [
      'headers over 16 KiB',
      `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('with %s gets the usual error response', async (_what, bytes, status, code) => {
    const { head, body } = await sendRaw(bytes)
    expect(head).toContain(`HTTP/1.1 ${status} `)
    expect(body).toMatchObject({ success: false, error: { code }, request_id: expect.any(String) })
  })

  test.each(['/api/deliveries/%zz', '/%', '/api/destinations/%E0%A4%A'])(
    'with the URL %s gets the usual error response',
    async (path) => {
      const { head, body } = await sendRaw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      expect(head).toContain('HTTP/1.1 400 ')
      expect(body).toMatchObject({ success: false, error: { code: 'malformed_request' } })
    },
  )

  test('with a very long path segment gets 404', async () => {
    const { status, body } = await callApi(stack, `/api/deliveries/${'x'.repeat(3_000)}`)
    expect(status).toBe(404)
    expect(body).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('callers that send slowly or nothing', () => {
  const attacker = '127.0.0.2'
  const opened: RawConnection[] = []
  let direct: RunningProcess & { address: string }
  let proxied: string

  beforeAll(async () => {
    const settings = {
      GHOSTPOST_MAX_IN_FLIGHT: '40',
      GHOSTPOST_MAX_CONNECTIONS: '600',
      GHOSTPOST_SIGN_IN_MAX: '1000',
    }
    direct = await stack.startApi(settings)
    proxied = (await stack.startApi({ ...settings, GHOSTPOST_TRUST_PROXY: 'true' })).address
  })

  afterEach(() => opened.splice(0).forEach(({ socket }) => socket.destroy()))

  function open(api: string, count: number, bytes: string, from: (index: number) => string): RawConnection[] {
    const connections = Array.from({ length: count }, (_, index) => connectFrom(api, from(index), bytes))
    opened.push(...connections)
    return connections
  }

  const respondedTo = (connections: RawConnection[]): number =>
    connections.filter(({ received }) => statusIn(received()) !== null).length

  const signIn = (api: string): Promise<ApiResponse> => {
    const { email, password } = stack.user
    return callApi({ api, session: stack.session }, '/api/session', {
      body: { email, password },
      session: null,
    })
  }

  test('with a body that never ends, to a path without a route, hold nothing', async () => {
    const api = direct.address
    const slow = open(api, 60, unfinishedPost('/nope'), () => attacker)
    await waitUntil('all have a response', () => respondedTo(slow) === 60)
    expect(new Set(slow.map(({ received }) => statusIn(received())))).toEqual(new Set([404]))
    expect((await callApi({ ...stack, api }, '/api/webhook')).status).toBe(200)
    await Promise.all(slow.map(({ closed }) => closed))
  })

  test('with a body that never ends, to sign in from one address, leave room for other addresses', async () => {
    const api = direct.address
    const slow = open(api, 60, unfinishedPost('/api/session'), () => attacker)
    await waitUntil('most are refused', () => respondedTo(slow) >= 55)
    expect((await signIn(api)).status).toBe(200)
    expect((await callApi({ ...stack, api }, '/api/webhook')).status).toBe(200)
  })

  test('from more addresses than there are slots make room for other callers', async () => {
    const api = direct.address
    const slow = open(api, 30, unfinishedPost('/api/session'), (index) => `127.0.1.${index + 1}`)
    await waitUntil('all slots are taken', () => respondedTo(slow) >= 22)
    const status = await waitUntil(
      'somebody may sign in',
      async () => {
        const response = await signIn(api)
        return response.status !== 503 && response.status
      },
      3_000,
    )
    expect(status).toBe(200)
  })

  test('behind a proxy are told apart by the address that the proxy names', async () => {
    const api = proxied
    const bytes = unfinishedPost('/api/session', { 'x-forwarded-for': '203.0.113.9' })
    const slow = open(api, 60, bytes, () => '127.0.0.1')
    await waitUntil('most are refused', () => respondedTo(slow) >= 55)
    expect((await signIn(api)).status).toBe(200)
  })

  test('with the session of one site leave half of the slots to others', async () => {
    const api = direct.address
    const bytes = unfinishedPost('/api/webhook', { cookie: `session=${stack.session}` })
    const slow = open(api, 60, bytes, () => attacker)
    await waitUntil('most are refused', () => respondedTo(slow) >= 40)
    const { id } = await createUser(stack.database, [7])
    const session = await createSessionToken(stack.database, id)
    const others = Array.from({ length: 10 }, () => callApi({ api, session }, '/api/webhook'))
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(10).fill(200))
  })

  test('with idle connections leave connections to other addresses', async () => {
    const api = direct.address
    const idle = open(api, 600, '', () => attacker)
    await waitUntil('most are closed', () => idle.filter(({ socket }) => socket.destroyed).length >= 475)
    expect(await getFrom(api, '127.0.0.1', '/healthz')).toBe(200)
    expect(await getFrom(api, '127.0.0.3', '/readyz')).toBe(200)
  })

  test('through a proxy may use nearly all connections, and a probe still gets one', async () => {
    const api = proxied
    const idle = open(api, 600, '', () => attacker)
    await waitUntil('some are closed', () => idle.some(({ socket }) => socket.destroyed))
    expect(idle.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThan(500)
    expect(await getFrom(api, '127.0.0.1', '/healthz')).toBe(200)
  })

  test('get 408 at the documented second', async () => {
    const startedAt = performance.now()
    const cookie = `session=${stack.session}`
    const [headers, body] = [
      ...open(stack.api, 1, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n', () => attacker),
      ...open(stack.api, 1, unfinishedPost('/api/webhook', { cookie }), () => attacker),
    ]
    const secondsOf = async (connection: RawConnection | undefined): Promise<number> => {
      await waitUntil('it gets 408', () => statusIn(connection?.received() ?? '') === 408)
      return (performance.now() - startedAt) / 1_000
    }
    const [headersSeconds, bodySeconds] = await Promise.all([secondsOf(headers), secondsOf(body)])
    expect(headersSeconds).toBeGreaterThan(9.5)
    expect(headersSeconds).toBeLessThan(13)
    expect(bodySeconds).toBeGreaterThan(19.5)
    expect(bodySeconds).toBeLessThan(23)
  })

  test('and disconnect are not reported as a failure of the database', async () => {
    const { address, output } = direct
    const cookie = `session=${stack.session}`
    await callApi({ ...stack, api: address }, '/api/webhook')
    const leaving = open(address, 15, unfinishedPost('/api/webhook', { cookie }), () => attacker)
    await waitUntil('they have the slots of their user', async () => {
      return (await callApi({ ...stack, api: address }, '/api/webhook')).status === 503
    })
    const linesWith = (text: string): number => output().split(text).length - 1
    for (const { socket } of leaving) socket.resetAndDestroy()
    await waitUntil('it is logged', () => linesWith('"caller_disconnected"') > 0)
    expect([linesWith('database is unavailable'), linesWith('request failed')]).toEqual([0, 0])
  })
})
