import { freePort } from '@ghostpost/local-services'
import { metricValue } from '@ghostpost/test-kit/parse-metrics'
import { respond, neverRespond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { scrape, scrapeToken } from '../telemetry/scrape.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

afterEach(() => stack.stop())

async function exportLater(): Promise<string> {
  const call = { body: exportBody(stack), headers: { prefer: 'respond-async' } }
  return String((await callApi(stack, '/api/webhook', call)).body?.['delivery_id'])
}

async function untilDelivered(id: string): Promise<Record<string, unknown>> {
  return waitUntil('it is delivered', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${id}`)
    return body?.['status'] === 'delivered' && body
  })
}

test('a stopping worker waits for a receiver until its time limit; another worker settles the delivery', async () => {
  stack = await startStack({
    GHOSTPOST_STOP_TIMEOUT_MS: '1200',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '6000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '6000',
    GHOSTPOST_CLAIM_MS: '7000',
    GHOSTPOST_RETRY_SCHEDULE: '0s 100ms',
  })
  stack.receiver.next(neverRespond(), respond(200))
  const id = await exportLater()
  await stack.receiver.waitForRequests(1)
  await stack.workers[0]?.stop()
  await stack.startWorker()
  // A worker that had waited for the receiver would have recorded a timeout.
  expect((await untilDelivered(id))['attempts']).toMatchObject([
    { number: 1, outcome: 'interrupted', outcome_unknown: true },
    { number: 2, outcome: 'answered', decision: 'delivered' },
  ])
})

test('a worker counts the deliveries that it sweeps', async () => {
  stack = await startStack({}, 0)
  const id = await exportLater()
  await stack.database.pool.query('update deliveries set sweep_at = now()')
  const port = await freePort()
  await stack.startWorker({
    GHOSTPOST_QUEUE_PREFIX: `${stack.queue.prefix}-other`,
    GHOSTPOST_WORKER_PORT: String(port),
    GHOSTPOST_METRICS_TOKEN: scrapeToken,
  })
  await untilDelivered(id)
  const { samples } = await scrape(port)
  expect(metricValue(samples, 'ghostpost_swept_total')).toBeGreaterThan(0)
})

test('a worker prunes only expired rows', async () => {
  stack = await startStack({}, 0)
  const [old, young] = await makeDeadLetters(stack, 2)
  await stack.database.pool.query(
    `update deliveries
     set created_at = now() - interval '400 days',
       finished_at = now() - interval '400 days'
     where id = $1`,
    [old],
  )
  await stack.startWorker()
  const left = await waitUntil('one delivery is left', async () => {
    const rows = await stack.database.prisma.delivery.findMany({ select: { id: true } })
    return rows.length === 1 && rows
  })
  expect(left).toEqual([{ id: young }])
})
