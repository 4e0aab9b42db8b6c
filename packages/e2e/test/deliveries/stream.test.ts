import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond, slow } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { openStream, type OpenStream } from '@ghostpost/test-kit/processes/open-stream'
import { queueOnPostgres, startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const streams: OpenStream[] = []

async function listen(stack: Stack, options?: Parameters<typeof openStream>[1]): Promise<OpenStream> {
  const stream = await openStream(stack, options)
  streams.push(stream)
  return stream
}

afterEach(() => streams.splice(0).forEach((stream) => stream.close()))

async function exportOne(stack: Stack): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  return String(body?.['delivery_id'])
}

interface PublishedDelivery {
  deliveries: { delivery_id: string; status: string }[]
}

/** The states of a delivery that a stream has published, in order. */
function statesOf({ received }: OpenStream, id: string): string[] {
  return received
    .filter(({ name }) => name === 'deliveries')
    .flatMap(({ data }) => (data as PublishedDelivery).deliveries)
    .filter(({ delivery_id }) => delivery_id === id)
    .map(({ status }) => status)
}

describe.each([
  ['Redis', {}],
  ['Postgres alone', { QUEUE_URL: queueOnPostgres }],
])('on %s', (_name, settings) => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack(settings)
    stack.receiver.always(respond(200))
  })

  afterAll(() => stack.stop())

  test('a listener receives an event when a delivery is accepted and when it settles', async () => {
    const stream = await listen(stack)
    expect([stream.status, stream.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ])
    const id = await exportOne(stack)
    await waitUntil('both events arrive', () => statesOf(stream, id).length === 2)
    expect(statesOf(stream, id).toSorted()).toEqual(['delivered', 'queued'])
    const counted = stream.received.filter(({ name }) => name === 'counters').map(({ data }) => data)
    expect(JSON.stringify(counted)).toContain('"delivered":1')
  })

  test('the progress of an operation is an event with its id', async () => {
    const delivery = await exportOne(stack)
    const stream = await listen(stack)
    const planned = await callApi(stack, '/api/operations/plan', {
      body: { kind: 'resend', delivery_ids: [delivery] },
    })
    const { operation } = planned.body as unknown as { operation: { operation_id: string } }
    const operation_id = operation.operation_id
    await callApi(stack, '/api/operations', { body: { operation_id } })
    await waitUntil('the event arrives', () =>
      stream.received.some(
        ({ name, data }) => name === 'operations' && (data as string[]).includes(operation_id),
      ),
    )
  })

  test('no event has data of the visitor', async () => {
    const stream = await listen(stack)
    const id = await exportOne(stack)
    await waitUntil('the event arrives', () => statesOf(stream, id).includes('delivered'))
    expect(JSON.stringify(stream.received)).not.toMatch(/gv_|hooks\/leads/)
  })

  test('listeners of several API processes receive the same events', async () => {
    const second = await stack.startApi()
    const here = await listen(stack)
    const there = await listen({ ...stack, api: second.address })
    const id = await exportOne(stack)
    await waitUntil('both listeners receive the event', () =>
      [here, there].every((stream) => statesOf(stream, id).includes('delivered')),
    )
    await second.stop()
    await there.ended
  })

  test('a listener receives no event of a foreign site', async () => {
    const { id: stranger } = await createUser(stack.database, [7], 'viewer')
    const session = await createSessionToken(stack.database, stranger)
    expect((await listen({ ...stack, session })).status).toBe(404)
    const foreign = await listen({ ...stack, session }, { siteId: 7 })
    const own = await listen(stack)
    const id = await exportOne(stack)
    await waitUntil('the event arrives', () => statesOf(own, id).includes('delivered'))
    expect(foreign.received).toEqual([])
  })

  test('an API that stops ends its streams and does not wait for them', async () => {
    const second = await stack.startApi()
    const stream = await listen({ ...stack, api: second.address })
    await second.stop()
    await stream.ended
    expect(stream.status).toBe(200)
  })
})

describe('a listener that reconnects', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack({ GHOSTPOST_MAX_LISTENERS: '30' })
    stack.receiver.always(respond(200))
  })

  afterAll(() => stack.stop())

  test('receives each missed event once', async () => {
    const first = await listen(stack)
    const before = await exportOne(stack)
    await waitUntil('the event arrives', () => statesOf(first, before).includes('delivered'))
    const lastEventId = first.received.at(-1)?.id ?? ''
    first.close()
    const missed = await exportOne(stack)
    const second = await listen(stack, { lastEventId })
    await waitUntil('the event arrives', () => statesOf(second, missed).includes('delivered'))
    expect(statesOf(second, before)).toEqual([])
    expect(statesOf(second, missed).toSorted()).toEqual(['delivered', 'queued'])
  })

  test.each(['0-1', 'nonsense', '1-1'])(
    'receives a reset if the missed events are gone (%s)',
    async (lastEventId) => {
      const stream = await listen(stack, { lastEventId })
      await waitUntil('the event arrives', () => stream.received.length > 0)
      expect(stream.received[0]).toEqual({ name: 'reset', data: {}, id: null })
    },
  )

  test('is refused above the limit of listeners and accepted when one has left', async () => {
    const three = await Promise.all([listen(stack), listen(stack), listen(stack)])
    const refused = await callApi(stack, '/api/stream?siteId=4')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    three[0]?.close()
    await waitUntil('a listener is accepted', async () => (await listen(stack)).status === 200)
  })
})

describe('a caller that loses its right', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack({ GHOSTPOST_MAX_LISTENERS: '30' })
  })

  afterAll(() => stack.stop())

  /** Longest time for which a lost right may go on, in milliseconds. */
  const withinMs = 5_000

  async function viewer(): Promise<{ id: string; session: string }> {
    const { id } = await createUser(stack.database, [4], 'operator')
    return { id, session: await createSessionToken(stack.database, id) }
  }

  type Loses = (one: { id: string; session: string }) => Promise<unknown>

  const ways: [string, Loses][] = [
    ['signs out', ({ session }) => callApi(stack, '/api/session', { method: 'DELETE', session })],
    [
      'is revoked',
      ({ id }) =>
        stack.database.pool.query('update sessions set revoked_at = now() where user_id = $1', [id]),
    ],
    [
      'loses its role',
      ({ id }) => stack.database.pool.query('delete from memberships where user_id = $1', [id]),
    ],
  ]

  test.each(ways)('that %s receives no further event', async (_how, lose) => {
    const one = await viewer()
    const stream = await listen({ ...stack, session: one.session })
    expect(stream.status).toBe(200)
    const startedAt = performance.now()
    await lose(one)
    await stream.ended
    expect(performance.now() - startedAt).toBeLessThan(withinMs)
  })

  test.each(ways)('that %s while it waits for an outcome gets 202 without one', async (_how, lose) => {
    stack.receiver.always(slow(9_000, respond(200)))
    const one = await viewer()
    const before = await stack.database.prisma.delivery.count()
    const asked = callApi(stack, '/api/webhook', { body: exportBody(stack), session: one.session })
    await waitUntil('it is stored', async () => (await stack.database.prisma.delivery.count()) > before)
    const startedAt = performance.now()
    await lose(one)
    const { status, body } = await asked
    expect(performance.now() - startedAt).toBeLessThan(withinMs)
    expect([status, body]).toMatchObject([202, { status: 'queued', attempts: 0, last_error: null }])
    stack.receiver.always(respond(200))
  })

  test('that loses its role while an export runs gets no complete file', async () => {
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state)
       select ('0190a000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         4, 0, 'gv_' || repeat('x', 4000), 'custom', 'https://a.example', 'a.example',
         true, true, $1, 'delivered'
       from generate_series(1, 20000) n`,
      [stack.user.id],
    )
    const one = await viewer()
    const response = await fetch(new URL('/api/deliveries/export?format=ndjson', stack.api), {
      headers: { cookie: `session=${one.session}` },
    })
    const reader = response.body?.getReader()
    await reader?.read()
    await stack.database.pool.query('delete from memberships where user_id = $1', [one.id])
    await waitUntil('the export is ended', () =>
      stack.apiProcess.output().includes('its caller lost the right'),
    )
    const rest = async (): Promise<void> => {
      for (let end = false; !end;) end = (await reader?.read())?.done ?? true
    }
    await expect(rest()).rejects.toThrow(/terminated|aborted|closed/)
  })

  test('leaves listeners of the same site and of others their slots', async () => {
    const greedy = await viewer()
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => listen({ ...stack, session: greedy.session })),
    )
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(3)
    expect((await listen({ ...stack, session: (await viewer()).session })).status).toBe(200)
    const { id } = await createUser(stack.database, [7], 'viewer')
    const session = await createSessionToken(stack.database, id)
    expect((await listen({ ...stack, session }, { siteId: 7 })).status).toBe(200)
  })
})
