import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBalancer, type Balancer } from '@ghostpost/test-kit/processes/balancer'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const callers = 4
const pollMs = 50
/** Longer than the balancer needs on a busy machine to notice an API that stops. */
const drainMs = 6_000

let stack: Stack
let apis: (RunningProcess & { address: string })[]
let balancer: Balancer

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_DRAIN_MS: String(drainMs), GHOSTPOST_STOP_TIMEOUT_MS: '60000' }, 2)
  apis = [{ ...stack.apiProcess, address: stack.api }, await stack.startApi()]
  balancer = openBalancer(() => apis.map(({ address }) => address), pollMs)
  await balancer.refresh()
})

afterAll(async () => {
  await balancer.stop()
  // They would drain first.
  await Promise.all(apis.map((api) => api.kill()))
  await stack.stop()
})

interface Load {
  accepted: Set<string>
  /** Responses other than 200 and 202, and calls without a response. */
  failures: string[]
  stop: () => Promise<void>
}

/** Starts callers that call the API of the balancer's choice over kept-alive connections and never repeat a call. */
function startLoad(): Load {
  const accepted = new Set<string>()
  const failures: string[] = []
  const stopping = new AbortController()
  let calls = 0
  const callUntilStopped = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      calls += 1
      const headers = { prefer: calls % 2 === 0 ? 'wait=5' : 'respond-async' }
      const api = balancer.pick(calls)
      try {
        const call = { body: exportBody(stack), headers }
        const { status, body, text } = await callApi({ ...stack, api }, '/api/webhook', call)
        if (status === 200 || status === 202) accepted.add(String(body?.['delivery_id']))
        else failures.push(`${status} ${text}`)
      } catch (error) {
        failures.push(String(error))
      }
    }
  }
  const all = Array.from({ length: callers }, callUntilStopped)
  return {
    accepted,
    failures,
    stop: async () => {
      stopping.abort()
      await Promise.all(all)
    },
  }
}

/** Waits until `more` further calls are accepted; fails at the first call that is not. */
const progress = (load: Load, more: number): Promise<unknown> => {
  const from = load.accepted.size
  return waitUntil('more calls are accepted', () => {
    expect(load.failures).toEqual([])
    return load.accepted.size >= from + more
  })
}

test('a rolling restart of APIs and workers under load refuses, interrupts and loses no request', async () => {
  const load = startLoad()
  await progress(load, 20)
  const [first, second] = apis
  apis = [...apis, await stack.startApi()]
  await progress(load, 20)
  expect(await first?.stop()).toBe(0)
  apis = apis.filter((api) => api !== first)
  await progress(load, 20)
  for (const worker of stack.workers) {
    await stack.startWorker()
    expect(await worker.stop()).toBe(0)
    await progress(load, 20)
  }
  apis = [...apis, await stack.startApi()]
  expect(await second?.stop()).toBe(0)
  apis = apis.filter((api) => api !== second)
  await progress(load, 20)
  await load.stop()

  expect(load.failures).toEqual([])
  const { delivery } = stack.database.prisma
  const where = { id: { in: [...load.accepted] }, state: 'delivered' }
  await waitUntil(
    'every accepted delivery is delivered',
    async () => (await delivery.count({ where })) === load.accepted.size,
  )
  expect(await delivery.count()).toBe(load.accepted.size)
  expect(stack.receiver.requests).toHaveLength(load.accepted.size)
}, 300_000)

describe('an API that is asked to stop', () => {
  test('reports it to balancers, serves further calls, and asks their clients to close the connection', async () => {
    const api = apis.pop()
    const called = { ...stack, api: api?.address ?? '' }
    const stopped = api?.stop()
    const ready = await waitUntil('it reports that it stops', async () => {
      const response = await callApi(called, '/readyz', { session: null })
      return response.status === 503 && response
    })
    expect(ready.body).toMatchObject({ status: 'stopping', checks: { database: 'ok', queue: 'ok' } })
    const served = await callApi(called, '/api/webhook', { body: exportBody(stack) })
    expect(served.status).toBe(200)
    expect(served.headers.get('connection')).toBe('close')
    expect((await callApi(called, '/healthz', { session: null })).status).toBe(200)
    expect(await stopped).toBe(0)
  })

  test('stops at once at the second signal', async () => {
    const draining = await stack.startApi({ GHOSTPOST_DRAIN_MS: '600000' })
    const stopped = draining.stop()
    await waitUntil('it reports that it stops', async () => {
      const api = { ...stack, api: draining.address }
      return (await callApi(api, '/readyz', { session: null })).status === 503
    })
    draining.child.kill('SIGTERM')
    expect(await stopped).toBe(0)
  })
})
