import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { openStream, type OpenStream } from '@ghostpost/test-kit/processes/open-stream'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/**
 * A firewall or a failed-over network may drop connections silently: nothing is delivered over them any more, and no
 * error either. The kernel notices this after a quarter of an hour, or never. No operator has to restart a process.
 */

let stack: Stack
let proxy: FaultProxy

afterEach(async () => {
  await stack.stop()
  await proxy.stop()
})

/** Starts a proxy of a store and returns its address. */
async function throughProxy(url: string): Promise<string> {
  const there = new URL(url)
  proxy = await startFaultProxy(Number(there.port))
  there.port = String(proxy.port)
  return there.href
}

type Api = Pick<Stack, 'api' | 'session'>

const exportNow = (api: Api = stack): Promise<ApiResponse> =>
  callApi(api, '/api/webhook', { body: exportBody(stack), headers: { prefer: 'wait=2' } })

const statusOf = async (id: unknown): Promise<unknown> =>
  (await callApi(stack, `/api/deliveries/${String(id)}`)).body?.['status']

async function expectLiveEvents(api: Api, stream: OpenStream): Promise<void> {
  const before = stream.received.length
  await waitUntil('a live event arrives', async () => {
    await exportNow(api)
    return stream.received.slice(before).some(({ name }) => name === 'deliveries')
  })
}

test('after a firewall drops the connections to Redis, exports, outcomes and live events use new ones', async () => {
  stack = await startStack({ QUEUE_URL: await throughProxy(createTestQueueName().url) })
  const stream = await openStream(stack)
  await expectLiveEvents(stack, stream)

  proxy.forget()
  const during = await exportNow()
  expect(during).toMatchObject({ status: 202, body: { status: 'queued' } })
  await waitUntil('calls return outcomes again', async () => (await exportNow()).status === 200)
  expect(await statusOf(during.body?.['delivery_id'])).toBe('delivered')
  await expectLiveEvents(stack, stream)
  stream.close()
})

test.each(['Redis', 'Postgres'])(
  'after a firewall drops the connections to Postgres, the processes open new ones, with the queue on %s',
  async (kind) => {
    stack = await startStack({}, 0)
    const DATABASE_URL = await throughProxy(stack.database.url)
    const settings = { DATABASE_URL, ...(kind === 'Postgres' && { QUEUE_URL: DATABASE_URL }) }
    await stack.startWorker(settings)
    const api = { api: (await stack.startApi(settings)).address, session: stack.session }
    const stream = await openStream(api)
    await expectLiveEvents(api, stream)

    proxy.forget()
    // Calls that use a dropped connection wait for its time limit and then get 503 with Retry-After.
    const responses = await Promise.all(Array.from({ length: 5 }, () => exportNow(api)))
    expect(
      responses.filter(({ status, headers }) => status === 503 && headers.get('retry-after') === '5').length,
    ).toBeGreaterThan(0)
    await waitUntil('calls return outcomes again', async () => (await exportNow(api)).status === 200)
    await expectLiveEvents(api, stream)
    stream.close()
  },
  120_000,
)
