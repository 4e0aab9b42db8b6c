import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { queueOnPostgres, startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

// `npm start` falls back to a queue on Postgres if it finds no Redis. The promises stay the same.
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ QUEUE_URL: queueOnPostgres, GHOSTPOST_RETRY_SCHEDULE: '0s 200ms 200ms' })
})

afterAll(() => stack.stop())

test('without Redis, an export returns its outcome', async () => {
  const { status, body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  expect(status).toBe(200)
  expect(body).toMatchObject({ success: true, webhook_type: 'custom' })
})

test('without Redis, a failed delivery is retried', async () => {
  stack.receiver.next(respond(503))
  const { status, body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  expect(status).toBe(202)
  const path = `/api/deliveries/${String(body?.['delivery_id'])}`
  await waitUntil(
    'it is delivered',
    async () => (await callApi(stack, path)).body?.['status'] === 'delivered',
  )
})

test('without Redis, another worker takes over from a killed one', async () => {
  const { promise: never } = Promise.withResolvers<void>()
  stack.receiver.next(async () => never)
  const headers = { prefer: 'respond-async' }
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack), headers })
  await waitUntil('the receiver has it', () =>
    stack.receiver.requests.some((request) => request.headers['webhook-id'] === body?.['delivery_id']),
  )
  await stack.workers[0]?.kill()
  await stack.startWorker()
  const path = `/api/deliveries/${String(body?.['delivery_id'])}`
  const delivered = await waitUntil('it is delivered', async () => {
    const read = await callApi(stack, path)
    return read.body?.['status'] === 'delivered' && read.body
  })
  expect(delivered['attempts']).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'answered' }])
})
