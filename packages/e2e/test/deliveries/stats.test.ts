import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, errorCodeOf, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack.stop())

interface Stats {
  buckets: { delivered: number }[]
  total: { delivered: number; retried: number; failed: number; success: number | null; p95_ms: number | null }
}

async function stats(query = ''): Promise<Stats> {
  return (await callApi(stack, `/api/stats?siteId=4&range=1h${query}`)).body as unknown as Stats
}

async function save(name: string): Promise<string> {
  const body = { name, webhook_type: 'custom', webhook_url: `${stack.receiver.url}hooks/${name}` }
  const saved = await callApi(stack, '/api/destinations', { body })
  return ((saved.body ?? {})['destination'] as { id: string }).id
}

const exported = (body: object): Promise<unknown> => callApi(stack, '/api/webhook', { body })

test('attempts are counted by outcome, for the site and for each saved destination', async () => {
  const [first, second] = [await save('first'), await save('second')]
  const { ghost_vid } = exportBody(stack)
  await exported(exportBody(stack))
  await exported({ ghost_vid, destination_id: first })
  stack.receiver.always(respond(400))
  await exported({ ghost_vid, destination_id: second })
  stack.receiver.always(respond(503, { headers: { 'retry-after': '3600' } }))
  await exported({ ghost_vid, destination_id: second })
  await waitUntil('all are counted', async () => {
    const { total } = await stats()
    return total.delivered + total.failed + total.retried === 4
  })
  const { total, buckets } = await stats()
  expect(total).toMatchObject({
    delivered: 2,
    failed: 1,
    retried: 1,
    success: 2 / 3,
    p95_ms: expect.any(Number),
  })
  expect(buckets.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(2)
  expect((await stats(`&destination_id=${second}`)).total).toMatchObject({
    delivered: 0,
    failed: 1,
    retried: 1,
  })

  const { body } = await callApi(stack, '/api/stats/destinations?siteId=4')
  expect(body?.['items']).toMatchObject([
    { destination_id: first, delivered: 1, failed: 0, waiting: 0, last_delivered_at: expect.any(String) },
    {
      destination_id: second,
      delivered: 0,
      failed: 1,
      waiting: 1,
      last_delivered_at: null,
      health: { breaker: 'closed', throttled_until: expect.any(String) },
    },
  ])
})

test('a worker that stops counts its last attempt, too', async () => {
  const before = (await stats()).total.delivered
  stack.receiver.always(respond(200))
  await exported(exportBody(stack))
  await stack.workers[0]?.stop()
  expect((await stats()).total.delivered).toBe(before + 1)
})

test('an unknown range is refused', async () => {
  const refused = await callApi(stack, '/api/stats?range=2h')
  expect([refused.status, errorCodeOf(refused)]).toEqual([400, 'validation_failed'])
})
