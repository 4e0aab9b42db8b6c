import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack.stop())

const keyed = (api: string, key: string, prefer = 'respond-async'): Promise<ApiResponse> =>
  callApi({ ...stack, api }, '/api/webhook', {
    body: exportBody(stack),
    headers: { 'idempotency-key': key, prefer },
  })

const idsOf = (responses: readonly ApiResponse[]): Set<unknown> =>
  new Set(responses.map(({ body }) => body?.['delivery_id']))

test('a hundred identical requests at once, over two API processes, make one delivery', async () => {
  const other = await stack.startApi()
  const responses = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      keyed(index % 2 === 0 ? stack.api : other.address, 'hundred', index % 3 === 0 ? 'wait=5' : undefined),
    ),
  )
  expect(idsOf(responses).size).toBe(1)
  expect(responses.filter(({ status }) => status !== 200 && status !== 202)).toEqual([])
  await stack.receiver.waitForRequests(1)
  expect(await stack.database.prisma.delivery.count()).toBe(1)
  expect(stack.receiver.requests).toHaveLength(1)
})

test('a hundred identical requests make one delivery although an API is killed and restarted', async () => {
  const [killedApi, other] = await Promise.all([stack.startApi(), stack.startApi()])
  const apis = [killedApi.address, other.address]
  let responded = 0
  const callUntilAccepted = (index: number): Promise<ApiResponse> =>
    waitUntil('the call is accepted', async () => {
      const response = await keyed(apis[index % 2] ?? '', 'killed').catch(() => null)
      if (response === null || response.status > 202) return null
      responded += 1
      return response
    })
  const responses = Promise.all(Array.from({ length: 100 }, (_, index) => callUntilAccepted(index)))
  await waitUntil('some calls are accepted', () => responded > 0)
  await killedApi.kill()
  apis[0] = (await stack.startApi()).address
  expect(idsOf(await responses).size).toBe(1)
  expect(await stack.database.prisma.idempotencyKey.count({ where: { key: 'killed' } })).toBe(1)
})

test('a key returns the same delivery after all processes were killed and restarted', async () => {
  const first = await keyed(stack.api, 'restart', 'wait=5')
  expect(first.status).toBe(200)
  await Promise.all([stack.apiProcess.kill(), stack.workers[0]?.kill()])
  const [api] = await Promise.all([stack.startApi(), stack.startWorker()])
  const again = await keyed(api.address, 'restart', 'wait=5')
  expect(again.status).toBe(200)
  expect(again.body).toEqual(first.body)
})
