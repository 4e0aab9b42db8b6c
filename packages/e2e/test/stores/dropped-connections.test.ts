import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { describe, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { openStream, type OpenStream } from '@ghostpost/test-kit/processes/open-stream'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/**
 * A firewall or a failed-over network may drop connections silently: nothing is delivered over them any more, and no
 * error either. The kernel notices this after a quarter of an hour, or never. No operator has to restart a process.
 */

/** A stack whose connections to a store go through a proxy. */
interface ProxiedStack {
  stack: Stack
  proxy: FaultProxy
}

/** Has something stopped at the end of the test: the last one first, as the processes need their proxy to stop. */
type AtEnd = (stop: () => Promise<void>) => void

/** Starts a proxy of a store. */
async function startProxy(url: string, atEnd: AtEnd): Promise<{ proxy: FaultProxy; proxied: string }> {
  const proxied = new URL(url)
  const proxy = await startFaultProxy(Number(proxied.port))
  atEnd(proxy.stop)
  proxied.port = String(proxy.port)
  return { proxy, proxied: proxied.href }
}

async function startBehindRedisProxy(atEnd: AtEnd): Promise<ProxiedStack> {
  const { proxy, proxied } = await startProxy(createTestQueueName().url, atEnd)
  const stack = await startStack({ QUEUE_URL: proxied })
  atEnd(stack.stop)
  return { stack, proxy }
}

async function startBehindPostgresProxy(queue: string, atEnd: AtEnd): Promise<ProxiedStack> {
  const stack = await startStack({}, 0)
  const { proxy, proxied } = await startProxy(stack.database.url, atEnd)
  atEnd(stack.stop)
  const settings = { DATABASE_URL: proxied, ...(queue === 'Postgres' && { QUEUE_URL: proxied }) }
  await stack.startWorker(settings)
  const { address } = await stack.startApi(settings)
  return { stack: { ...stack, api: address }, proxy }
}

const exportNow = (stack: Stack): Promise<ApiResponse> =>
  callApi(stack, '/api/webhook', { body: exportBody(stack), headers: { prefer: 'wait=2' } })

async function expectLiveEvents(stack: Stack, stream: OpenStream): Promise<void> {
  const before = stream.received.length
  await waitUntil('a live event arrives', async () => {
    await exportNow(stack)
    return stream.received.slice(before).some(({ name }) => name === 'deliveries')
  })
}

// Each waits for deadlines that nobody can set, and hardly computes: they wait at the same time. On a busy machine they
// also start at the same time, so they may take longer than others.
describe.concurrent('connections that died silently:', { timeout: 300_000 }, () => {
  test('after a firewall drops the connections to Redis, exports, outcomes and live events use new ones', async ({
    onTestFinished,
  }) => {
    const { stack, proxy } = await startBehindRedisProxy(onTestFinished)
    const stream = await openStream(stack)
    await expectLiveEvents(stack, stream)

    proxy.forget()
    const during = await exportNow(stack)
    expect(during).toMatchObject({ status: 202, body: { status: 'queued' } })
    await waitUntil('calls return outcomes again', async () => (await exportNow(stack)).status === 200)
    const path = `/api/deliveries/${String(during.body?.['delivery_id'])}`
    expect((await callApi(stack, path)).body?.['status']).toBe('delivered')
    await expectLiveEvents(stack, stream)
    stream.close()
  })

  test.for(['Redis', 'Postgres'])(
    'after a firewall drops the connections to Postgres, the processes open new ones, with the queue on %s',
    async (queue, { onTestFinished }) => {
      const { stack, proxy } = await startBehindPostgresProxy(queue, onTestFinished)
      const stream = await openStream(stack)
      await expectLiveEvents(stack, stream)

      proxy.forget()
      // Calls that use a dropped connection wait for its time limit and then get 503 with Retry-After.
      const responses = await Promise.all(Array.from({ length: 5 }, () => exportNow(stack)))
      const isRefused = ({ status, headers }: ApiResponse): boolean =>
        status === 503 && headers.get('retry-after') === '5'
      expect(responses.filter(isRefused).length).toBeGreaterThan(0)
      await waitUntil('calls return outcomes again', async () => (await exportNow(stack)).status === 200)
      await expectLiveEvents(stack, stream)
      stream.close()
    },
  )
})
